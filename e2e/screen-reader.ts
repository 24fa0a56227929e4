import type { Page } from "@playwright/test";
import { expect } from "./fixtures";

declare global {
  interface Window {
    heard: string[];
  }
}

/**
 * Writes down what a screen reader reads out by itself: what changes in a live region that was there before, and a new
 * alert. A new region that brings its text along is not read out by all of them, so it does not count. The last of what was
 * said about pages stands in a closed shadow tree, which is opened here. Call it before the first page is opened.
 */
export async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.heard = [];
    const live = "[role=status], [role=alert], [role=log], [aria-live=polite], [aria-live=assertive]";
    const changes = { childList: true, characterData: true, subtree: true };
    const known = new WeakSet<Element>();
    const elementOf = (node: Node) => (node instanceof Element ? node : node.parentElement);
    const inside = (node: Node, selector: string) => {
      const element = elementOf(node);
      return element ? [...(element.matches(selector) ? [element] : []), ...element.querySelectorAll(selector)] : [];
    };
    const observer = new MutationObserver((records) => {
      const changed = new Set<Element>();
      const added: Node[] = [];
      for (const { target, addedNodes } of records) {
        const region = elementOf(target)?.closest(live);
        if (region && known.has(region)) changed.add(region);
        added.push(...addedNodes);
      }
      for (const node of added) {
        for (const alert of inside(node, "[role=alert]")) if (!known.has(alert)) changed.add(alert);
        for (const region of inside(node, live)) known.add(region);
      }
      for (const { isConnected, textContent } of changed)
        if (isConnected && textContent?.trim()) window.heard.push(textContent.trim());
    });
    observer.observe(document, changes);
    const attachShadow = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (options) {
      const root = attachShadow.call(this, { ...options, mode: "open" });
      observer.observe(root, changes);
      return root;
    };
  });
}

/** Waits until the page's script runs: before, a link or a form opens a new document, which the browser itself announces. */
export const ready = (page: Page): Promise<void> =>
  page.locator("body > div.sr-only").last().waitFor({ state: "attached" });

/** What was read out since the last call. */
export const heard = (page: Page): Promise<string[]> => page.evaluate(() => window.heard.splice(0));

/** The same, with what the page is about to read out: of two timers of a page the one that was set later ends later. */
export const heardInTheEnd = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return window.heard.splice(0);
  });

/** Waits until a text is read out. */
export const hear = (page: Page, text: string): Promise<void> =>
  expect
    .poll(() => page.evaluate(() => window.heard), `read out: ${text}`)
    .toContainEqual(expect.stringContaining(text));

/**
 * What a newly opened page does: it has the focus, and its title is read out. Unlike another one, an earlier page is
 * shown where it was left.
 */
export async function expectArrival(page: Page, place: string, { isEarlier = false } = {}): Promise<void> {
  const state = () =>
    page.evaluate(() => ({
      focus: document.activeElement?.closest("main")?.id ?? document.activeElement?.tagName,
      isNamed: window.heard.some((text) => text.includes(document.title)),
      isAtTop: window.scrollY === 0,
    }));
  await expect
    .poll(state, place)
    .toEqual({ focus: "content", isNamed: true, isAtTop: isEarlier ? expect.any(Boolean) : true });
}
