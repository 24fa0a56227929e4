import { type RefObject, useEffect } from "react";

/**
 * What the frame tells the page that shows it; public/embed.js listens. Nothing of a person, and to that site only: the
 * server names it, since any page could have framed a copy of what is said to all.
 */
function tell(site: string, message: { height: number } | { registered: true }): void {
  if (window.parent !== window) window.parent.postMessage({ frontDesk: message }, site);
}

/** Tells the site each height of the content, so that the frame needs no scrollbar. */
export function useToldHeight(site: string | null, content: RefObject<HTMLElement>): void {
  useEffect(() => {
    const element = content.current;
    if (!site || !element) return;
    const watch = new ResizeObserver(() =>
      // With the margins around the content: of the document and not of the window, which is as high as the frame.
      tell(site, { height: Math.ceil(element.getBoundingClientRect().bottom + window.scrollY) }),
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, [site, content]);
}

/** Tells the site once that a person has registered, for its own statistics. */
export function useToldRegistration(site: string | null, isNew: boolean): void {
  useEffect(() => {
    if (site && isNew) tell(site, { registered: true });
  }, [site, isNew]);
}
