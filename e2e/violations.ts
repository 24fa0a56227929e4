import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import axe, { type RunOptions } from "axe-core";

/** Accessibility violations of the page in its present state, by axe's rules. */
export const accessibilityViolations = (page: Page): Promise<string[]> =>
  violationsOf(page, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });

/** What cannot be told from its background, or from the text around it, by its colour: all that a colour scheme decides. */
export const colourViolations = (page: Page): Promise<string[]> =>
  violationsOf(page, { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } });

interface Violation {
  id: string;
  nodes: { html: string }[];
}

async function violationsOf(page: Page, options: RunOptions): Promise<string[]> {
  await endTransitions(page);
  const isAlone = page.frames().length === 1;
  const violations = isAlone ? await runInside(page, options) : await runThroughFrames(page, options);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** The builder puts the violations in all frames together, of other sites' too, on a further page. */
const runThroughFrames = async (page: Page, options: RunOptions): Promise<Violation[]> =>
  (await new AxeBuilder({ page }).options(options).analyze()).violations;

/**
 * The builder loads axe for every check and fetches the rules that passed as well, which takes longer than the check. Here
 * axe is loaded once for each document.
 */
async function runInside(page: Page, options: RunOptions): Promise<Violation[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return page.evaluate(async (asked) => {
    const { axe } = window as unknown as { axe: { run(options: RunOptions): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run({ ...asked, resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) }));
  }, options);
}

/** By how many pixels the page exceeds the window's right edge. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/**
 * In the middle of a change of colours no contrast is the page's own. Changes are brought to their end instead of being
 * waited for: in what is folded away the browser begins them, as soon as a style there is asked for, and never ends
 * them. A spinner's animation has no end.
 */
const endTransitions = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const animation of document.getAnimations())
      if (animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) animation.finish();
  });
