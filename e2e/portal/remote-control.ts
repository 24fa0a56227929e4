import type { ActRequest } from "./acts";
import type { ProductRow } from "./crm/product-rows";
import type { Company, Contact, Deal, Lead } from "./crm/records";
import type { FaultRule } from "./faults";
import type { PresetName } from "./presets";
import type { PortalOptions } from "./settings";

export interface PortalState {
  contacts: Contact[];
  deals: (Deal & { rows: ProductRow[] })[];
  leads: Lead[];
  companies: Company[];
  preset: PresetName;
  now: number;
}

type RemoteFault = Omit<FaultRule, "match"> & { match?: string };

/** A stand-in portal in another process, or on another machine, as its control interface lets one hold it. */
export class RemoteControl {
  readonly #url: string;

  /** @param url of the portal's page */
  constructor(url: string) {
    this.#url = url;
  }

  async fail(rule: RemoteFault): Promise<void> {
    await this.#ask("POST", "fault", rule);
  }

  async clearFaults(): Promise<void> {
    await this.#ask("DELETE", "fault");
  }

  async configure(settings: PortalOptions): Promise<void> {
    await this.#ask("POST", "settings", settings);
  }

  async applyPreset(preset: PresetName): Promise<void> {
    await this.#ask("POST", "preset", { preset });
  }

  async advance(milliseconds: number): Promise<void> {
    await this.#ask("POST", "clock", { advanceMs: milliseconds });
  }

  /** Something done by hand; the names and arguments are those of the README. */
  async act(request: Partial<ActRequest> & { act: string }): Promise<unknown> {
    const { result } = (await this.#ask("POST", "act", request)) as { result: unknown };
    return result;
  }

  async state(): Promise<PortalState> {
    return (await this.#ask("GET", "state?calls=0")) as PortalState;
  }

  /** The contacts with this e-mail and their deals. */
  async arrived(email: string): Promise<{ contacts: Contact[]; deals: PortalState["deals"] }> {
    const state = await this.state();
    const contacts = state.contacts.filter(({ fm }) => fm.some(({ value }) => value === email));
    const ids = new Set(contacts.map(({ id }) => id));
    return { contacts, deals: state.deals.filter(({ contactIds }) => contactIds.some((id) => ids.has(id))) };
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(new URL(`/control/${path}`, this.#url), {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const said = (await answer.json()) as { error?: string };
    if (!answer.ok) throw new Error(said.error ?? `The portal answered ${answer.status}`);
    return said;
  }
}
