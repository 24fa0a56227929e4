import { useNavigation } from "@remix-run/react";
import { type FormEvent, useEffect, useRef } from "react";

/**
 * For a form's onSubmit: while one is on its way no second is sent. It would cancel the first, whose answer (a session,
 * a secret that is shown once) would be lost, and do the thing twice or be refused. True if the form is sent.
 */
export function useSingleSubmit(): (event: FormEvent) => boolean {
  const busy = useNavigation().formMethod === "POST";
  // Two clicks may come before React has drawn that the first one is on its way.
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
