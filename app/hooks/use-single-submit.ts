import { useNavigation } from "@remix-run/react";
import type { FormEvent } from "react";

/** For a form's onSubmit: while one is on its way no second is sent, where doing it twice makes two of it or a refusal. */
export function useSingleSubmit(): (event: FormEvent) => void {
  const busy = useNavigation().formMethod === "POST";
  return (event) => {
    if (busy) event.preventDefault();
  };
}
