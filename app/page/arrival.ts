import { mainId } from "~/components/layout/skip-link";
import { control, lists, neighbourOf, refugeOf, type Step, stepsTo } from "./lost-focus";
import { say } from "./say";

/**
 * What a browser does by itself when it opens a document, and a page that is changed by script has to do: the focus goes
 * to the new page, which is named aloud; after a form's answer it goes to what the answer is about; and where new data take
 * away what has it, it goes to what is nearest.
 *
 * Every page brings this module except the registration form, whose visitors should not wait for it: from there one can
 * only get to a page that brings it. The frame (root.tsx) tells of each change.
 */
if (typeof document !== "undefined") watch();

const messages = "[role=status]";
/** Speak by themselves where they were there before their text. */
const liveParts = "[aria-live], [role=status]";
const results = "[data-result]";
const questions = "[data-question]";
const steps = "[rel=next], [rel=prev]";
const invalid = "[aria-invalid=true]";
const refusals = "[role=alert]";

/** What had the focus last, and which address the page had then. */
interface Held {
  steps: Step[];
  pathname: string;
}

/** Where the focus was put when new data took away what had it. */
interface Refuge {
  element: Element;
  /** What had it before. */
  steps: Step[];
}

function watch(): void {
  // Where a page is opened by script, this module runs before the address changes.
  let { pathname, search } = location;
  let { title } = document;
  let held: Held = { steps: [], pathname };
  let refuge: Refuge | null = null;
  let sender: Element | null = null;
  let isTypedOn = false;
  let isFirst = true;
  const known = new WeakSet<Element>();
  /** The alerts that a form's answer has brought. */
  const answers = new WeakSet<Element>();
  /** Those that the page had without it. */
  const standing = new WeakSet<Element>();

  addEventListener("focusin", ({ target }) => {
    held = { steps: stepsTo(target as Element), pathname: location.pathname };
  });
  addEventListener("submit", () => {
    sender = document.activeElement;
    isTypedOn = false;
    for (const alert of document.querySelectorAll(refusals)) if (!answers.has(alert)) standing.add(alert);
  });
  // After Enter a person may go on typing while the answer is on its way.
  addEventListener(
    "input",
    () => {
      isTypedOn = true;
    },
    true,
  );
  // A person who does something has taken the place for theirs, or has left it for no place at all.
  addEventListener(
    "keydown",
    () => {
      refuge = null;
    },
    true,
  );
  addEventListener(
    "pointerdown",
    ({ target }) => {
      refuge = null;
      if (!held.steps[0]?.element.contains(target as Node)) held = { steps: [], pathname: location.pathname };
    },
    true,
  );
  const onRemoval = () => {
    const main = document.getElementById(mainId);
    // Where the address has changed, an arrival is about to follow.
    if (!main || location.pathname !== pathname || location.search !== search || !isLost(held)) return;
    const { steps } = held;
    const element = refugeOf(steps, main);
    if (!element) return;
    // The person may be reading elsewhere on the page by now, and has done nothing that would ask for another place.
    focusOn(element, { isStill: true });
    // What is not shown cannot be focused.
    if (document.activeElement === document.body) main.focus({ preventScroll: true });
    if (document.activeElement) refuge = { element: document.activeElement, steps };
  };
  new MutationObserver(onRemoval).observe(document, { childList: true, subtree: true });
  addEventListener("arrival", () => {
    const main = document.getElementById(mainId);
    if (!main) return;
    const isOtherPage = location.pathname !== pathname;
    const isRenamed = document.title !== title;
    ({ pathname, search } = location);
    ({ title } = document);
    // The screen reader is reading a document that was just loaded: its messages would be heard twice.
    const told = isOtherPage || isFirst ? [] : textsOf(main, known);
    isFirst = false;
    // A form's answer is shown before all of the page's data are there.
    const lost = refuge?.element === document.activeElement ? refuge.steps : isLost(held) ? held.steps : null;
    const refused = sender
      ? [...main.querySelectorAll<HTMLElement>(refusals)].filter((alert) => !standing.has(alert))
      : [];
    for (const alert of refused) answers.add(alert);
    const target = isOtherPage
      ? pageTarget(main, { held, lost })
      : answerTarget(main, { lost, sender: isTypedOn ? null : sender, refusal: refused[0], known });
    refuge = null;
    sender = null;
    for (const element of main.querySelectorAll(`${liveParts}, ${questions}`)) known.add(element);
    if (target) focusOn(target);
    say([...(isOtherPage || isRenamed ? [title] : []), ...told]);
  });
}

/** Whether the page no longer has what had the focus, and nothing else got it. */
const isLost = ({ steps }: Held): boolean =>
  document.activeElement === document.body && steps[0]?.element.isConnected === false;

/** Where the focus goes on a new page; null: the page, or the person, has put it somewhere since the address changed. */
function pageTarget(main: HTMLElement, { held, lost }: { held: Held; lost: Step[] | null }): HTMLElement | null {
  const { activeElement } = document;
  const isIn = activeElement !== main && main.contains(activeElement);
  return isIn && !lost && held.pathname === location.pathname ? null : beginning(main);
}

/** What the address's fragment names, where the router shows it, or else the page: the focus must be where is looked. */
const beginning = (main: HTMLElement): HTMLElement =>
  (location.hash && document.getElementById(location.hash.slice(1))) || main;

interface Before {
  /** Where the focus was that is lost; null: it is not. */
  lost: Step[] | null;
  /** What had the focus when a form was sent; null: none was, or something was typed after it. */
  sender: Element | null;
  /** The alert of a form's answer. */
  refusal: HTMLElement | undefined;
  known: WeakSet<Element>;
}

/** Where the focus goes when the page has got another answer or another part of a list; null: it stays. */
function answerTarget(main: HTMLElement, { lost, sender, refusal, known }: Before): HTMLElement | null {
  const { activeElement } = document;
  const field = main.querySelector<HTMLElement>(invalid);
  const wrong = field ?? refusal;
  // But not while another field is typed in already.
  if (wrong && sender && (activeElement === sender || lost?.[0]?.element === sender))
    return field && activeElement?.matches(invalid) ? null : wrong;
  const question = main.querySelector<HTMLElement>(questions);
  if (question && !known.has(question) && !activeElement?.matches("input, select, textarea")) return question;
  // Its link stands below the list, of which the beginning is shown. On the last part the link is gone.
  if ((lost ? lost[0]?.element : activeElement)?.matches(steps)) return beginning(main);
  return lost ? neighbourOf(lost, main) : null;
}

/**
 * The messages that were not there before, and what stands for the answer to a question of the address, such as how
 * much was found.
 */
const textsOf = (main: HTMLElement, known: WeakSet<Element>): string[] =>
  [...main.querySelectorAll(`${messages}, ${results}`)]
    .filter((element) => element.matches(results) || !known.has(element))
    .filter((element) => !isInLivePart(element, known))
    .map(({ textContent }) => textContent?.trim() ?? "")
    .filter(Boolean);

/** A message in a message is read out with it, and a part that was there before reads out by itself what is put in it. */
function isInLivePart(element: Element, known: WeakSet<Element>): boolean {
  const around = element.parentElement?.closest(liveParts);
  return Boolean(around && (known.has(around) || around.matches(messages)));
}

/**
 * The place on the page is the router's matter, which knows whether one goes back to it and shows the beginning, with a
 * form's message, after an answer. Only to what is asked for or wrong, and to a row, the focus takes the page along.
 * `isStill`: not even then.
 */
function focusOn(target: HTMLElement, { isStill = false } = {}): void {
  unfold(target);
  const options = {
    preventScroll: isStill || !target.matches(`${invalid}, ${refusals}, ${questions}, :is(${lists}) *`),
  };
  target.focus(options);
  // Its place among what the Tab key reaches is kept.
  if (document.activeElement === target || target.matches(control)) return;
  // A heading, say, which a script may not focus as it is.
  target.tabIndex = -1;
  target.focus(options);
}

/** Opens what is folded around an element: nothing in there can be focused. */
function unfold(target: HTMLElement): void {
  for (let inside: Element | null = target; inside; inside = inside.parentElement)
    if (inside.parentElement instanceof HTMLDetailsElement && !inside.matches("summary"))
      inside.parentElement.open = true;
}
