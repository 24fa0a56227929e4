import type { Browser, Page } from "@playwright/test";
import { expect } from "./fixtures";
import { testOnOwnStack } from "./own-stack";
import { type Shot, shots } from "./pictures/pages";
import { makeWorld, type World } from "./pictures/world";
import { accessibilityViolations, colourViolations, overflow } from "./violations";

const test = testOnOwnStack("every-page", {
  env: { OPERATOR_NAME: "Workshop Ltd", OPERATOR_EMAIL: "privacy@example.com" },
}).extend<object, { world: World }>({
  world: [
    async ({ stack, browser }, use) => use(await makeWorld(stack, browser)),
    { scope: "worker", timeout: 300_000 },
  ],
});

const phone = { width: 320, height: 640 };
const widths = [{ width: 1280, height: 800 }, phone];

/** In both widths all rules, and in the dark, where it is asked for, those that a scheme decides. */
async function look(page: Page, name: string, { dark }: { dark: boolean }): Promise<void> {
  for (const size of widths) {
    const place = `${name}, ${size.width} pixels wide`;
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: "light" });
    expect.soft(await overflow(page), `${place}: what needs scrolling sideways`).toBeLessThanOrEqual(0);
    expect.soft(await accessibilityViolations(page), `${place}, light`).toEqual([]);
    if (size === phone)
      expect
        .soft(await overflowEnlarged(page), `${place}, letters of 200 %: what needs scrolling`)
        .toBeLessThanOrEqual(0);
    if (!dark) continue;
    await page.emulateMedia({ colorScheme: "dark" });
    expect.soft(await colourViolations(page), `${place}, dark`).toEqual([]);
  }
}

/** As the browser's setting for larger letters makes it, without loading the page once more. */
async function overflowEnlarged(page: Page): Promise<number> {
  const setLetters = (size: string) =>
    page.evaluate((to) => document.documentElement.style.setProperty("font-size", to), size);
  await setLetters("200%");
  const exceeds = await overflow(page);
  await setLetters("");
  return exceeds;
}

async function open(browser: Browser, shot: Shot, world: World, locale: string, baseURL: string): Promise<Page> {
  const session = shot.as === "guest" ? {} : { storageState: world.sessions[shot.as] };
  const context = await browser.newContext({ baseURL, locale, reducedMotion: "reduce", ...session });
  const page = await context.newPage();
  await page.goto(shot.path(world));
  await shot.act?.(page, world);
  await expect(page.getByRole("main")).toBeVisible();
  return page;
}

// The list of pictures names every page: a test compares it with the routes.
for (const [name, all] of Object.entries(shots))
  for (const shot of all)
    test(`${name}${shot.name ? `, ${shot.name}` : ""} keeps nobody out, in both languages, schemes and widths`, {
      tag: ["@stack", "@desktop"],
    }, async ({ browser, stack, world }) => {
      for (const locale of ["en-GB", "ru-RU"]) {
        const page = await open(browser, shot, world, locale, stack.baseURL);
        // Words are as long as their language makes them, but no colour hangs on it.
        await look(page, locale, { dark: locale === "ru-RU" });
        await page.context().close();
      }
    });
