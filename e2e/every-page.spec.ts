import type { Browser, Page } from "@playwright/test";
import { expect, perWorker } from "./fixtures";
import { testOnOwnStack } from "./own-stack";
import { type Shot, shots } from "./pictures/pages";
import { makeWorld, type World } from "./pictures/world";
import { expectArrival, heard, listen, ready } from "./screen-reader";
import { accessibilityViolations, colourViolations, overflow } from "./violations";

const test = testOnOwnStack("every-page", {
  env: { OPERATOR_NAME: "Workshop Ltd", OPERATOR_EMAIL: "privacy@example.com" },
}).extend<object, { world: World }>({
  world: [async ({ stack, browser }, use) => use(await makeWorld(stack, browser)), perWorker],
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

const visitors = ["guest", "person", "admin"] as const;

/** The form inside another site's page is the only page of its frame. */
const walk = (as: (typeof visitors)[number], world: World): string[] => [
  ...new Set(
    Object.entries(shots).flatMap(([name, all]) =>
      name.startsWith("embed") ? [] : all.filter((shot) => shot.as === as && !shot.act).map(({ path }) => path(world)),
    ),
  ),
];

/** Scrolls down and takes the focus away: `main` is the same element on the next page, and would still have it otherwise. */
const leave = (page: Page) =>
  page.evaluate(() => {
    window.scrollTo(0, document.documentElement.scrollHeight);
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });

/** To another page without a new document, as any link leads there. */
const follow = (page: Page, path: string) => page.evaluate((to) => window.__remixRouter.navigate(to), path);

for (const as of visitors)
  test(`every page that a link of the site opens for the visitor "${as}" has the focus, and is named aloud`, {
    tag: ["@stack", "@desktop"],
  }, async ({ browser, stack, world }) => {
    const session = as === "guest" ? {} : { storageState: world.sessions[as] };
    const context = await browser.newContext({ baseURL: stack.baseURL, locale: "en-GB", ...session });
    const page = await context.newPage();
    await listen(page);
    const [start = "/", ...paths] = walk(as, world);
    await page.goto(start);
    await ready(page);
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    let last = new URL(start, stack.baseURL).pathname;
    for (const path of paths) {
      const { pathname } = new URL(path, stack.baseURL);
      await heard(page);
      await leave(page);
      await follow(page, path);
      if (pathname !== last) await expectArrival(page, path);
      last = pathname;
    }
    await heard(page);
    await leave(page);
    await page.goBack();
    await expectArrival(page, "back", { isEarlier: true });
    await heard(page);
    await leave(page);
    await page.goForward();
    await expectArrival(page, "forward", { isEarlier: true });
    expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
    await context.close();
  });
