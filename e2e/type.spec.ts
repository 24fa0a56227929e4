import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

/** Where everything stands on the page. */
const places = (page: Page) =>
  page
    .locator("h1, h2, main p, main label, main button, footer")
    .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()).map(({ top, height }) => ({ top, height })));

for (const locale of ["ru-RU", "en-GB"])
  test.describe(`in ${locale}`, () => {
    test.use({ locale });

    test("nothing moves when the font arrives", { tag: "@desktop" }, async ({ page }) => {
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      await page.route("**/*.woff2", async (route) => {
        await held;
        await route.continue();
      });
      await page.goto("/register", { waitUntil: "domcontentloaded" });
      await expect(page.locator("main form button[type=submit]")).toBeVisible();
      const before = await places(page);
      expect(before.length).toBeGreaterThan(8);
      release();
      await page.evaluate(() => document.fonts.ready);
      expect(await page.evaluate(() => document.fonts.check('16px "Golos Text Variable"', "Имя name"))).toBe(true);
      const after = await places(page);
      expect(after.map(({ top }) => Math.round(top))).toEqual(before.map(({ top }) => Math.round(top)));
    });
  });

test.describe("in Russian", () => {
  test.use({ locale: "ru-RU" });

  test("the font is our own and is kept for a year", { tag: "@desktop" }, async ({ page, baseURL }) => {
    const font = page.waitForResponse(/golos-text-cyrillic-wght.*\.woff2$/);
    await page.goto("/privacy");
    const answer = await font;
    expect(new URL(answer.url()).origin).toBe(baseURL);
    expect(answer.headers()["cache-control"]).toBe("public, max-age=31536000, immutable");
  });
});
