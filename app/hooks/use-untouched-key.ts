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
