import type { Page } from "@playwright/test";
import { expect } from "./fixtures";

/** Whether the page's script has taken the page over. */
export const isAlive = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const main = document.querySelector("main");
    return main !== null && Object.keys(main).some((key) => key.startsWith("__reactFiber"));
  });

/** Before, the browser itself opens links, sends forms, and lets the keys do nothing of their own. */
export const alive = (page: Page): Promise<void> =>
  expect.poll(() => isAlive(page), "the page's script runs").toBe(true);
