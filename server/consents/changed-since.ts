import type { Tx } from "../database/db";
import { locales } from "../platform/locales";
import { builtInWording } from "./built-in";
import type { ConsentChanges } from "./change";
import type { DraftField } from "./draft";
import { type ConsentWording, processingKind } from "./kinds";
import { builtInState, type KindState, readConsents } from "./stored";

/** What can be changed of a consent, by the fields of its page; a text has one paragraph a line, a tick is "on" or blank. */
export type ConsentContent = Partial<Record<DraftField, string>>;

export function contentOf(required: boolean, { label, text }: Pick<ConsentWording, "label" | "text">): ConsentContent {
  const words = locales.flatMap((locale): [DraftField, string][] => [
    [`label.${locale}`, label[locale]],
    [`text.${locale}`, text[locale].join("\n")],
  ]);
  return { ...Object.fromEntries(words), required: required ? "on" : "" };
}

/** A consent as a page showed it that knows the changes up to `seen`, and as it is now; null: there was or is none. */
export async function contentSince(
  db: Tx,
  { key, seen }: { key: string; seen: number },
): Promise<{ shown: ConsentContent | null; now: ConsentContent | null }> {
  const { kinds, wordingOf } = await readConsents(db);
  const kind = kinds.find((each) => each.key === key);
  const now = kind ? contentOf(kind.required, kind.wording) : null;
  const later = await db.consentChange.findMany({
    where: { id: { gt: seen } },
    orderBy: { id: "asc" },
    select: { changes: true },
  });
  // The oldest of them says what the page showed.
  const first = later
    .map(({ changes }) => changes as unknown as ConsentChanges)
    .find((each) => Object.hasOwn(each, key));
  if (!first) return { shown: now, now };
  const state: KindState | null = first[key]?.from ?? (key === processingKind ? builtInState : null);
  const wording = state && (state.version === null ? builtInWording : wordingOf(key, state.version));
  return { shown: state && wording ? contentOf(state.required, wording) : null, now };
}
