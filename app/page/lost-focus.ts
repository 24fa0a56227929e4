export interface Step {
  element: Element;
  /** Its place among its neighbours. */
  index: number;
}

const control = "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary";

/** From an element outwards to the body, with the place of each: what is needed to find what stood beside it. */
export function stepsTo(target: Element): Step[] {
  const found: Step[] = [];
  for (let element: Element | null = target; element?.parentElement; element = element.parentElement)
    found.push({ element, index: [...element.parentElement.children].indexOf(element) });
  return found;
}

/**
 * Where the focus goes when what had it is gone: a row of a list leaves it to the row that took its place, or to the last
 * one; otherwise it goes to the beginning of the page, as on a new page.
 */
export function neighbourOf(steps: Step[], main: HTMLElement): HTMLElement {
  const left = steps.findIndex(({ element }) => element.isConnected);
  const list = steps[left]?.element;
  const gone = steps[left - 1];
  if (!list || !gone || !main.contains(list) || !list.matches("ul, ol, tbody")) return main;
  const row = list.children[gone.index] ?? list.lastElementChild;
  return row?.querySelector<HTMLElement>(control) ?? main;
}
