import { z } from "zod";
import { slices } from "../platform/chunks";
import { elapsedMs } from "../platform/elapsed";
import { type KnownPerson, needsDeal } from "./existing-records";
import type { PhaseResult, ProgressPort, Wanting } from "./progress";
import { anything, listOf, parseAnswer } from "./responses";
import { failAll } from "./run-phase";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";
import { isNo } from "./yes-no";

const rows = listOf(z.object({ ID: z.coerce.number(), ACTIVE: anything }));
const freshMs = 10 * 60_000;
/** How long an employee in turn about whom the portal did not answer counts as active. */
const untoldMs = 60_000;
const pageSize = 50;

type Standing = "active" | "dismissed" | "notListed";

/** Tells which users of the portal still work there. Each user is read at most once in ten minutes. */
export class ActiveUsers {
  readonly #client: Bitrix24Client;
  readonly #known = new Map<number, { standing: Standing; until: number }>();

  constructor(client: Bitrix24Client) {
    this.#client = client;
  }

  /**
   * Assigns a responsible person to those without one: a known contact's owner, else the next employee in turn. Many
   * portals accept a dismissed employee as responsible, so employees whom the portal calls dismissed are skipped here.
   */
  async assign(people: KnownPerson[], progress: ProgressPort): Promise<PhaseResult<KnownPerson>> {
    const needing = people.filter(needsDeal);
    const ownerOf = ({ existing, settings }: KnownPerson) =>
      settings.keepsOwner ? (existing.contact?.assignedById ?? null) : null;
    const turn = [...new Set(needing.flatMap(({ settings }) => settings.responsible))];
    const owners = needing.flatMap((person) => (person.assignedById === null ? (ownerOf(person) ?? []) : []));
    try {
      await this.#learn({ owners, turn });
    } catch (error) {
      return { done: [], failed: failAll(people, error) };
    }
    const dismissed = new Set(turn.filter((id) => this.#standing(id) === "dismissed"));
    const isActive = (id: number | null): id is number => id !== null && this.#standing(id) === "active";
    const without = needing.filter(({ assignedById }) => assignedById === null || dismissed.has(assignedById));
    if (without.length === 0) return { done: people, failed: [] };
    const wanting = without.map((person): [number, Wanting] => {
      const owner = ownerOf(person);
      return [person.userId, { owner: isActive(owner) ? owner : null, settings: person.settings }];
    });
    const assigned = await progress.assign(new Map(wanting), dismissed);
    const changed = new Set(without);
    const done = people.map((person) =>
      changed.has(person) ? { ...person, assignedById: assigned.get(person.userId) ?? null } : person,
    );
    return { done, failed: [] };
  }

  #standing(id: number): Standing | undefined {
    return this.#known.get(id)?.standing;
  }

  /**
   * Reads those of these users who were not read lately. Throws Bitrix24Error if the portal does not answer about an
   * owner. Those in turn are asked for only to spare the dismissed, so nobody waits for that answer.
   */
  async #learn({ owners, turn }: { owners: number[]; turn: number[] }): Promise<void> {
    const isUnknown = (id: number) => (this.#known.get(id)?.until ?? Number.NEGATIVE_INFINITY) < elapsedMs();
    const unknownOwners = owners.filter(isUnknown);
    const unknown = [...new Set([...unknownOwners, ...turn.filter(isUnknown)])];
    try {
      for (const group of slices(unknown, pageSize)) await this.#ask(group);
    } catch (error) {
      if (unknownOwners.length > 0 || !(error instanceof Bitrix24Error)) throw error;
      const until = elapsedMs() + untoldMs;
      for (const id of turn.filter(isUnknown)) this.#known.set(id, { standing: "active", until });
    }
  }

  /** If the webhook may not read users, all count as active: most people whom a contact names still work there. */
  async #ask(ids: number[]): Promise<void> {
    const listed = await this.#read(ids);
    const until = elapsedMs() + freshMs;
    for (const id of ids) this.#known.set(id, { standing: listed ? (listed.get(id) ?? "notListed") : "active", until });
  }

  /** Null if the portal refuses the request. */
  async #read(ids: number[]): Promise<Map<number, Standing> | null> {
    const method = "user.get";
    try {
      const { result } = await this.#client.call(method, { filter: { "@ID": ids } });
      const users = parseAnswer(method, rows, result);
      return new Map(users.map(({ ID, ACTIVE }) => [ID, isNo(ACTIVE) ? "dismissed" : "active"]));
    } catch (error) {
      if (error instanceof Bitrix24Error && (error.kind === "refused" || error.kind === "blocked")) return null;
      throw error;
    }
  }
}
