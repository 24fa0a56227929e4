import type { Services } from "../services";
import { builtInOf, builtInWording } from "./built-in";
import { type ConsentKind, type ConsentWording, processingKind } from "./kinds";
import { builtInState, type ConsentSet, readConsents } from "./stored";

/** Every process looks this often for a change: one statement over an index. */
const everyMs = 2_000;

/** The consents of a process, as they were read last: asking for them costs no statement and needs no database. */
export interface Consents {
  /** In the order of the form, those that are asked for no more among them. */
  kinds(): ConsentKind[];
  wordingOf(kind: string, version: string): ConsentWording | null;
  /** Reads them again if they were changed. */
  reload(): Promise<void>;
  stop(): Promise<void>;
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

  // One after another: an older answer that comes late must not replace a newer one.
  let last = Promise.resolve();
  const reload = (): Promise<void> => {
    const next = last.then(read);
    last = next.catch(() => {});
    return next;
  };

  await reload();
  const watch = () =>
    void reload().catch((err: unknown) => log.debug({ err }, "the consents could not be read: the last ones stay"));
  const timer = follow ? setInterval(watch, everyMs) : undefined;
  timer?.unref();
  return {
    kinds: () => current.kinds,
    wordingOf: (kind, version) => current.wordingOf(kind, version),
    reload,
    stop: async () => {
      clearInterval(timer);
      await last;
    },
  };
}
