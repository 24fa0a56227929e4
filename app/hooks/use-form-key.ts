import { useState } from "react";

/**
 * The key of a form that is rendered again, as a new component, when `key` changes: with what was saved meanwhile. But not
 * once something was typed in it since the page's last answer, which that would throw away.
 */
export function useUntouchedKey(key: string, answer: unknown): { formKey: string; onInput: () => void } {
  const [touched, setTouched] = useState<{ key: string; answer: unknown } | null>(null);
  const formKey = touched && touched.answer === answer ? touched.key : key;
  return { formKey, onInput: () => setTouched({ key: formKey, answer }) };
}

interface Shown {
  /** The newest change that the page's data know. */
  seen: number;
  /** The change that the last answer saved; null: it saved nothing. */
  change: number | null;
  answer: unknown;
}

/**
 * The key of a form that shows what was typed after each answer, and what is stored once it was saved. The answer to saving
 * comes before the page's data: when these arrive, the form is not rendered again, since a person may have the cursor in one
 * of its fields by then. `isAhead`: they have not arrived yet.
 */
export function useSavedForm({ seen, change, answer }: Shown): {
  formKey: string;
  onInput: () => void;
  isAhead: boolean;
} {
  const isNewest = change !== null && change >= seen;
  const key = isNewest ? `saved ${change}` : change !== null ? `${seen}` : "typed";
  return { ...useUntouchedKey(key, answer), isAhead: isNewest && change > seen };
}
