import { Later } from "./later";
import type { World } from "./world";

export interface SentEvent {
  name: string;
  id: number;
  /** HTTP status of the receiver's answer, 0 if there was none. Either way the portal does not try again. */
  status: number;
}

const handlerId = 975;
const receiverTimeoutMs = 10_000;
const keptEvents = 10_000;

/** The portal's outgoing webhook: tells that an object changed, by id only, at most once or sometimes twice, in no sure order. */
export class Events {
  readonly sent: SentEvent[] = [];
  readonly #world: World;
  readonly #later = new Later();

  constructor(world: World) {
    this.#world = world;
  }

  fire(name: string, id: number): void {
    const { events } = this.#world.settings;
    const { random } = this.#world;
    if (!events.url || !events.names.includes(name) || random.chance(events.lost)) return;
    const copies = random.chance(events.doubled) ? 2 : 1;
    const ts = Math.floor(this.#world.clock.now() / 1000);
    for (let copy = 0; copy < copies; copy++)
      this.#later.run(events.delayMs + random.next() * events.shuffleMs, () => this.#deliver(name, id, ts));
  }

  get idle(): boolean {
    return this.#later.idle;
  }

  /** Resolves once no event is under way, those fired meanwhile included. */
  settled(): Promise<void> {
    return this.#later.settled();
  }

  /** Drops what is not yet on its way. */
  cancel(): void {
    this.#later.cancel();
  }

  async #deliver(name: string, id: number, ts: number): Promise<void> {
    const { domain, memberId, events } = this.#world.settings;
    const body = new URLSearchParams({
      event: name,
      event_handler_id: String(handlerId),
      "data[FIELDS][ID]": String(id),
      ts: String(ts),
      "auth[domain]": domain,
      "auth[client_endpoint]": `https://${domain}/rest/`,
      "auth[server_endpoint]": "https://oauth.bitrix.info/rest/",
      "auth[member_id]": memberId,
      "auth[application_token]": events.token,
    });
    const signal = AbortSignal.timeout(receiverTimeoutMs);
    const status = await fetch(events.url, { method: "POST", body, signal, redirect: "manual" }).then(
      async (response) => {
        await response.body?.cancel();
        return response.status;
      },
      () => 0,
    );
    this.sent.push({ name, id, status });
    if (this.sent.length > keptEvents) this.sent.shift();
  }
}
