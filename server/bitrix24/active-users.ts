import { z } from "zod";
import { parseAnswer } from "./responses";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";

const rows = z.array(z.object({ ID: z.coerce.number(), ACTIVE: z.unknown() }));
const freshMs = 10 * 60_000;
const pageSize = 50;

/** Who of the portal's people still works there. Asked once in ten minutes for each of them. */
export class ActiveUsers {
  readonly #client: Bitrix24Client;
  readonly #known = new Map<number, { active: boolean; until: number }>();

  constructor(client: Bitrix24Client) {
    this.#client = client;
  }

  /**
   * Those of these users who were not dismissed. A webhook that may not read users leaves everybody in: most people
   * still work where a contact says so. Throws Bitrix24Error if the portal does not answer.
   */
  async among(ids: number[]): Promise<Set<number>> {
    const unknown = [...new Set(ids)].filter((id) => (this.#known.get(id)?.until ?? 0) < Date.now());
    for (let from = 0; from < unknown.length; from += pageSize) await this.#ask(unknown.slice(from, from + pageSize));
    return new Set(ids.filter((id) => this.#known.get(id)?.active));
  }

  async #ask(ids: number[]): Promise<void> {
    const active = await this.#read(ids);
    const until = Date.now() + freshMs;
    for (const id of ids) this.#known.set(id, { active: active?.has(id) ?? true, until });
  }

  /** Null where the portal will not tell. */
  async #read(ids: number[]): Promise<Set<number> | null> {
    const method = "user.get";
    try {
      const { result } = await this.#client.call(method, { filter: { "@ID": ids } });
      const users = parseAnswer(method, rows, result);
      return new Set(users.filter(({ ACTIVE }) => ACTIVE !== false && ACTIVE !== "N").map(({ ID }) => ID));
    } catch (error) {
      if (error instanceof Bitrix24Error && (error.kind === "refused" || error.kind === "blocked")) return null;
      throw error;
    }
  }
}
