import { useNavigation } from "@remix-run/react";
import { type FormEvent, useEffect, useRef } from "react";

/**
 * For a form's onSubmit: prevents a second submission while one is in flight. A second one would cancel the first,
 * whose answer (a session, a secret shown once) would be lost, and would repeat the change or be rejected. True if the
 * form is submitted.
 */
export function useSingleSubmit(): (event: FormEvent) => boolean {
  const busy = useNavigation().formMethod === "POST";
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
