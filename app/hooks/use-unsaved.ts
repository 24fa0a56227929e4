import { useLocation } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";

/**
 * Asks before a form's page is left for another address while typed text is not saved. Saving must render the form again,
 * as a new component: that ends the question. Without scripts there is no question. The router's own blocker is not
 * used, since every visitor of the registration form, which shares the router, would load it.
 *
 * @param isTyped whether the form shows something that was typed and sent before, and is not saved either
 * @param onInput is told as well when something is typed
 */
export function useUnsaved(
  question: string,
  isTyped: boolean,
  onInput: () => void,
): { onInput: () => void; [unsaved]: true | undefined } {
  const [touched, setTouched] = useState(false);
  const isUnsaved = touched || isTyped;
  const isReturning = useRef(false);
  const { key } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: with the key the place in the history changes.
  useEffect(() => {
    if (!isUnsaved) return;
    const onUnload = (event: BeforeUnloadEvent) => {
      if (isShown()) event.preventDefault();
    };
    /** A link or a form that leads to another address; in the capture phase, before the router hears of it. */
    const onLeave = (event: MouseEvent | SubmitEvent) => {
      const address = leadsTo(event);
      if (!address || isHere(address) || !isShown() || window.confirm(question)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    const { index, address: here } = placeNow();
    /**
     * Back and forward: the browser is elsewhere already, so who stays is led back. The router, which listens to the same event
     * of the same window, hears of neither.
     */
    const onTravel = (event: PopStateEvent) => {
      if (isReturning.current) {
        isReturning.current = false;
        return event.stopImmediatePropagation();
      }
      const to = placeNow();
      if (index === null || to.index === null || to.address === here || !isShown()) return;
      if (window.confirm(question)) return;
      event.stopImmediatePropagation();
      isReturning.current = true;
      history.go(index - to.index);
    };
    window.addEventListener("popstate", onTravel, true);
    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onLeave, true);
    document.addEventListener("submit", onLeave, true);
    return () => {
      window.removeEventListener("popstate", onTravel, true);
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onLeave, true);
      document.removeEventListener("submit", onLeave, true);
    };
  }, [isUnsaved, question, key]);
  const onTyped = () => {
    setTouched(true);
    onInput();
  };
  return { onInput: onTyped, [unsaved]: isUnsaved || undefined };
}

const unsaved = "data-unsaved";

/**
 * React removes a form from the page at once and takes its listeners away a little later: a link that is followed right
 * after saving must not be asked about text that is saved.
 */
const isShown = (): boolean => document.querySelector(`form[${unsaved}]`) !== null;

/** Where an event leads within this tab and without a new document, of which the browser asks itself; null: nowhere. */
function leadsTo(event: MouseEvent | SubmitEvent): string | null {
  if (event instanceof SubmitEvent) {
    const button = event.submitter as HTMLButtonElement | null;
    const form = event.target as HTMLFormElement;
    // It leaves the page and its form as they are.
    if (form.closest("[data-toast]")) return null;
    // Not form.action: an input may have that name.
    return button?.getAttribute("formaction") ?? form.getAttribute("action");
  }
  const link = (event.target as Element).closest("a");
  const isElsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  return link && !isElsewhere && !link.target && !link.hasAttribute("download") ? link.href : null;
}

/** Where the tab is, and the router's number of that place in its history; null: the router does not know it. */
function placeNow(): { index: number | null; address: string } {
  const index: unknown = history.state?.idx;
  return { index: typeof index === "number" ? index : null, address: `${location.pathname}${location.search}` };
}

const isHere = (address: string): boolean => {
  const { origin, pathname, search } = new URL(address, location.href);
  return origin !== location.origin || `${pathname}${search}` === `${location.pathname}${location.search}`;
};
