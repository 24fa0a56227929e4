import { useNavigation } from "@remix-run/react";
import { type FormEvent, useEffect, useRef } from "react";

/**
 * Whether a form of the page is in flight. That includes the moment in which its answer is shown already and the page's
 * data are loaded again. A submit button shows it by `aria-disabled`, since a form sent meanwhile is dropped.
 */
export const useInFlight = (): boolean => useNavigation().formMethod === "POST";

/**
 * For a form's onSubmit: prevents a second submission while one is in flight. A second one would cancel the first,
 * whose answer (a session, a secret shown once) would be lost, and would repeat the change or be rejected. True if the
 * form is submitted.
 */
export function useSingleSubmit(): (event: FormEvent) => boolean {
  const busy = useInFlight();
  // A second click may come before React has rendered the first submission.
  const sent = useRef(false);
  useEffect(() => {
    if (!busy) sent.current = false;
  }, [busy]);
  return (event) => {
    if (event.defaultPrevented) return false;
    if (busy || sent.current) {
      event.preventDefault();
      return false;
    }
    sent.current = true;
    return true;
  };
}
