import { type Fresh, keepFresh } from "../platform/repeat";
import type { Services } from "../services";
import { builtInOf, builtInWording } from "./built-in";
import { type ConsentKind, type ConsentWording, processingKind } from "./kinds";
import { builtInState, type ConsentSet, readConsents } from "./stored";

/** The consents of a process, as they were read last: asking for them costs no statement and needs no database. */
export interface Consents extends Fresh {
  /** In the order of the form, those that are asked for no more among them. */
  kinds(): ConsentKind[];
  wordingOf(kind: string, version: string): ConsentWording | null;
}

const { required, retired, purpose } = builtInState;

/** What an installation asks for whose owner has changed nothing. */
export const builtInConsents: ConsentSet = {
  kinds: [{ key: processingKind, purpose, required, retired, wording: builtInWording }],
  wordingOf: (kind, version) => (kind === processingKind ? builtInOf(version) : null),
};

/** Reads the consents and follows their changes. */
export async function openConsents(
  { db, log }: Pick<Services, "db" | "log">,
  { follow = true } = {},
): Promise<Consents> {
  let seen = 0;
  let current = builtInConsents;

  async function read(): Promise<void> {
    const { _max } = await db.consentChange.aggregate({ _max: { id: true } });
    const newest = _max.id ?? 0;
    if (newest === seen) return;
    current = await readConsents(db);
    seen = newest;
  }

  const fresh = await keepFresh(read, { log, what: "consents", follow });
  return {
    kinds: () => current.kinds,
    wordingOf: (kind, version) => current.wordingOf(kind, version),
    ...fresh,
  };
}
