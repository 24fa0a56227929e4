import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** Accessibility violations of the page in its present state, by axe's rules. */
export const accessibilityViolations = (page: Page): Promise<string[]> =>
  violationsOf(page, (axe) => axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]));

/** What cannot be told from its background, or from the text around it, by its colour: all that a colour scheme decides. */
export const colourViolations = (page: Page): Promise<string[]> =>
  violationsOf(page, (axe) => axe.withRules(["color-contrast", "link-in-text-block"]));

async function violationsOf(page: Page, choose: (axe: AxeBuilder) => AxeBuilder): Promise<string[]> {
  await endTransitions(page);
  // For frames of other sites axe puts its findings together on a further page, which a page without frames does not need.
  const axe = new AxeBuilder({ page }).setLegacyMode(page.frames().length === 1);
  const { violations } = await choose(axe).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
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
