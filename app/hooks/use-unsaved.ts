import { useBeforeUnload, useBlocker } from "@remix-run/react";
import { useCallback, useEffect, useState } from "react";

/**
 * For a form that is shown anew once it is saved: asks before its page is left for another address while something typed
 * is not saved. Without scripts nobody asks.
 *
 * @param isTyped whether the form shows something that was typed and sent before, and is not saved either
 */
export function useUnsaved(question: string, isTyped: boolean): { onInput: () => void } {
  const [touched, setTouched] = useState(false);
  const isUnsaved = touched || isTyped;
  useBeforeUnload(
    useCallback(
      (event: BeforeUnloadEvent) => {
        if (isUnsaved) event.preventDefault();
      },
      [isUnsaved],
    ),
  );
  const blocker = useBlocker(
    ({ currentLocation: from, nextLocation: to }) =>
      isUnsaved && `${from.pathname}${from.search}` !== `${to.pathname}${to.search}`,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    if (window.confirm(question)) blocker.proceed();
    else blocker.reset();
  }, [blocker, question]);
  return { onInput: () => setTouched(true) };
}
