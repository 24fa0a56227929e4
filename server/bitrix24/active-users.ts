import { z } from "zod";
import { elapsedMs } from "../platform/elapsed";
import { type KnownPerson, needsDeal } from "./existing-records";
import type { PhaseResult, ProgressPort } from "./progress";
import { listOf, parseAnswer } from "./responses";
import { failAll } from "./run-phase";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";

const rows = listOf(z.object({ ID: z.coerce.number(), ACTIVE: z.unknown() }));
const freshMs = 10 * 60_000;
const pageSize = 50;

/** Tells which users of the portal still work there. Each user is read at most once in ten minutes. */
export class ActiveUsers {
  readonly #client: Bitrix24Client;
  readonly #known = new Map<number, { active: boolean; until: number }>();

  constructor(client: Bitrix24Client) {
    this.#client = client;
  }

  /**
   * The users of this list who were not dismissed. If the webhook may not read users, all are returned: most people
   * whom a contact names still work there. Throws Bitrix24Error if the portal does not answer.
   */
  async among(ids: number[]): Promise<Set<number>> {
    const unknown = [...new Set(ids)].filter(
      (id) => (this.#known.get(id)?.until ?? Number.NEGATIVE_INFINITY) < elapsedMs(),
    );
    for (let from = 0; from < unknown.length; from += pageSize) await this.#ask(unknown.slice(from, from + pageSize));
    return new Set(ids.filter((id) => this.#known.get(id)?.active));
  }

  /** Assigns a responsible person to those without one: a known contact's owner, else the next employee in turn. */
  async assign(people: KnownPerson[], progress: ProgressPort): Promise<PhaseResult<KnownPerson>> {
    const without = people.filter((person) => person.assignedById === null && needsDeal(person));
    if (without.length === 0) return { done: people, failed: [] };
    const ownerOf = ({ existing, settings }: KnownPerson) =>
      settings.keepsOwner ? (existing.contact?.assignedById ?? null) : null;
    let active: Set<number>;
    try {
      active = await this.among(without.flatMap((person) => ownerOf(person) ?? []));
    } catch (error) {
      return { done: [], failed: failAll(people, error) };
    }
    const assigned = await progress.assign(
      new Map(
        without.map((person) => {
          const owner = ownerOf(person);
          return [
            person.userId,
            { owner: owner !== null && active.has(owner) ? owner : null, settings: person.settings },
          ];
        }),
      ),
    );
    const done = people.map((person) => ({
      ...person,
      assignedById: person.assignedById ?? assigned.get(person.userId) ?? null,
    }));
    return { done, failed: [] };
  }

  async #ask(ids: number[]): Promise<void> {
    const active = await this.#read(ids);
    const until = elapsedMs() + freshMs;
    for (const id of ids) this.#known.set(id, { active: active?.has(id) ?? true, until });
  }

  /** Null if the portal refuses the request. */
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
