import type { Tx } from "../database/db";
import type { Locale } from "../platform/locales";
import { builtInOf, builtInWording } from "./built-in";
import { type ConsentKind, type ConsentWording, type Purpose, processingKind } from "./kinds";

/** A row of ConsentKind without its key, as the history has it. */
export interface KindState {
  purpose: Purpose;
  position: number;
  required: boolean;
  retired: boolean;
  /** Null: the built-in wording of the release that runs. */
  version: string | null;
}

/** What applies to the processing as long as the owner has changed nothing of it. */
export const builtInState: KindState = {
  purpose: "processing",
  position: 0,
  required: true,
  retired: false,
  version: null,
};

/** All consents in their order, and every wording that there is. */
export interface ConsentSet {
  kinds: ConsentKind[];
  /** Null: there is no such wording. */
  wordingOf(kind: string, version: string): ConsentWording | null;
}

/** The stored rows by key; the processing has none until it is changed. */
export async function storedKinds(db: Tx): Promise<Map<string, KindState>> {
  const rows = await db.consentKind.findMany();
  return new Map(rows.map(({ key, purpose, ...row }) => [key, { ...row, purpose: purpose as Purpose }]));
}

/** The keys in the order of the form. */
export const inOrder = (states: Map<string, KindState>): string[] =>
  [...states].sort(([a, one], [b, other]) => one.position - other.position || (a < b ? -1 : 1)).map(([key]) => key);

export async function readConsents(db: Tx): Promise<ConsentSet> {
  const stored = await storedKinds(db);
  const states = new Map([[processingKind, builtInState], ...stored]);
  const rows = await db.consentWording.findMany({ orderBy: { createdAt: "asc" } });
  const wordings = new Map(rows.map((row) => [nameOf(row.kind, row.version), toWording(row)]));
  const wordingOf = (kind: string, version: string) =>
    wordings.get(nameOf(kind, version)) ?? (kind === processingKind ? builtInOf(version) : null);
  const kinds = inOrder(states).flatMap((key) => {
    const { purpose, required, retired, version } = states.get(key) as KindState;
    const wording = version === null ? builtInWording : wordingOf(key, version);
    return wording ? [{ key, purpose, required, retired, wording }] : [];
  });
  return { kinds, wordingOf };
}

const nameOf = (kind: string, version: string) => `${kind} ${version}`;

export const toWording = ({
  version,
  label,
  text,
}: {
  version: string;
  label: unknown;
  text: unknown;
}): ConsentWording => ({
  version,
  label: label as Record<Locale, string>,
  text: text as Record<Locale, string[]>,
});
