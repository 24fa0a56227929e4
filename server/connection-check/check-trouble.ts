import type { Locale } from "../platform/locales";
import { reasonOf } from "../queue/reasons";
import type { Check } from "./check";
import type { ChecklistWords, Trouble } from "./check-words";

/** The words about a line of the checklist that failed or is worth a look; `code`: the portal's own, which goes with them. */
export function troubleOf(
  { checks, untold }: ChecklistWords,
  locale: Locale,
  { id, state, facts }: Check,
): Trouble & { code: string | null } {
  const code = facts.code === undefined ? null : String(facts.code);
  const words = code === null ? checks[id].bad(facts) : state === "warn" ? untold : reasonOf(locale, { code });
  return { ...words, code };
}
