export interface Step {
  element: Element;
  /** Its place among its neighbours. */
  index: number;
}

/** What the Tab key reaches. */
export const control = "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary";

export const lists = "ul, ol, tbody";

/** From an element outwards to the body, with the place of each: what is needed to find what stood beside it. */
export function stepsTo(target: Element): Step[] {
  const found: Step[] = [];
  for (let element: Element | null = target; element?.parentElement; element = element.parentElement)
    found.push({ element, index: [...element.parentElement.children].indexOf(element) });
  return found;
}

const isAlike = (one: Element, other: Element | undefined): boolean =>
  one.tagName === other?.tagName &&
  one.getAttribute("name") === other.getAttribute("name") &&
  one.textContent === other.textContent;

/**
 * Where the focus goes when what had it is gone: to the same control where it was rendered again, as a form is that shows what was
 * saved; from a row of a list to the row that took its place, or to the last one; otherwise to the beginning of the page.
 */
export function neighbourOf(steps: Step[], main: HTMLElement): HTMLElement {
  const left = steps.findIndex(({ element }) => element.isConnected);
  const [place, gone, focused] = [steps[left]?.element, steps[left - 1], steps[0]?.element];
  if (!place || !gone || !focused || !main.contains(place)) return main;
  const inside = steps.slice(0, left - 1).reverse();
  const sameIn = (child: Element | undefined) => inside.reduce((found, { index }) => found?.children[index], child);
  const children = [...place.children];
  const row = children[gone.index] ?? children.at(-1);
  const isList = place.matches(lists);
  // A message may have moved what is outside of lists.
  const again = [row, ...(isList ? [] : children)].map(sameIn).find((found) => isAlike(focused, found));
  return (again ?? ((isList && row?.querySelector(control)) || main)) as HTMLElement;
}
