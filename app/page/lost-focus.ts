export interface Step {
  element: Element;
  /** Its place among its neighbours. */
  index: number;
}

/** What the Tab key reaches. */
export const control = "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary";

export const lists = "ul, ol, tbody";

const headings = "h2, h3, h4, legend";

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

/** What is left around a focus that is lost. */
interface Gap {
  /** The nearest element that is still there. */
  place: Element;
  isList: boolean;
  /** What is gone from that place, with the focus in it. */
  gone: Element;
  /** What stands there instead, or last. */
  row: Element | undefined;
  /** The same control as had the focus, in one of these. */
  findIn: (children: (Element | undefined)[]) => Element | undefined;
}

/** Null: nothing is left of the page that had the focus. */
function gapOf(steps: Step[], main: HTMLElement): Gap | null {
  const left = steps.findIndex(({ element }) => element.isConnected);
  const [place, gone, focused] = [steps[left]?.element, steps[left - 1], steps[0]?.element];
  if (!place || !gone || !focused || !main.contains(place)) return null;
  const inside = steps.slice(0, left - 1).reverse();
  const sameIn = (child: Element | undefined) => inside.reduce((found, { index }) => found?.children[index], child);
  return {
    place,
    isList: place.matches(lists),
    gone: gone.element,
    row: place.children[gone.index] ?? [...place.children].at(-1),
    findIn: (children) => children.map(sameIn).find((found) => isAlike(focused, found)),
  };
}

/**
 * Where the focus goes when what had it is gone: to the same control where it was rendered again, as a form is that
 * shows what was saved; from a row of a list to the row that took its place, or to the last one; otherwise to the
 * beginning of the page.
 */
export function neighbourOf(steps: Step[], main: HTMLElement): HTMLElement {
  const gap = gapOf(steps, main);
  if (!gap) return main;
  const { place, isList, row } = gap;
  // A message may have moved what is outside of lists.
  const again = gap.findIn([row, ...(isList ? [] : place.children)]);
  return (again ?? ((isList && row?.querySelector(control)) || main)) as HTMLElement;
}

/**
 * Where the focus goes when new data take away what had it, while a key may be on its way that was meant for that: to no other
 * control, but to the row in its place, or else to the heading above, from where the Tab key goes on. Only what was rendered
 * again gets it back; in a list another row may read the same. Null: it was elsewhere than on the page itself.
 */
export function refugeOf(steps: Step[], main: HTMLElement): HTMLElement | null {
  const gap = gapOf(steps, main);
  if (!gap) return null;
  const { place, isList, gone, row } = gap;
  const found = isList
    ? row
    : gap.findIn([...place.children].filter(({ textContent }) => textContent === gone.textContent));
  return (found ?? headingAbove(place, main)) as HTMLElement;
}

/** The heading of the nearest part of the page that has one. */
function headingAbove(place: Element, main: HTMLElement): Element {
  for (let part: Element | null = place; part && part !== main; part = part.parentElement) {
    const heading = part.querySelector(headings);
    if (heading) return heading;
  }
  return main;
}
