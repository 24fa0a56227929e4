import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { register } from "./people";
import { accessibilityViolations, overflow } from "./violations";

/** Everything that a visitor can see, and how to come there. */
const pages: [name: string, open: (page: Page) => Promise<unknown>][] = [
  ["the start page", (page) => page.goto("/")],
  ["the registration", (page) => page.goto("/register")],
  ["a registration with problems", openWithProblems],
  ["signing in", (page) => page.goto("/login")],
  ["a forgotten password", (page) => page.goto("/forgot")],
  ["the privacy page", (page) => page.goto("/privacy")],
  ["a dead reset link", (page) => page.goto("/reset/unknown")],
  ["a page that does not exist", (page) => page.goto("/no/such/page")],
];

async function openWithProblems(page: Page): Promise<void> {
  await page.goto("/register");
  await page.locator("main form button[type=submit]").click();
  await expect(page.locator("[name=firstName]")).toHaveAttribute("aria-invalid", "true");
  await page.locator("summary").click();
}

/** The spec of every page looks at the others in both languages and schemes, where it can: it needs a stack of its own. */
const seenHereAlone = process.env.BASE_URL
  ? pages
  : pages.filter(([name]) => ["a registration with problems", "a dead reset link"].includes(name));

// On the phone once: its layout is the same in all four.
for (const locale of ["ru-RU", "en-GB"])
  for (const colorScheme of ["light", "dark"] as const)
    test.describe(`${locale}, ${colorScheme}`, {
      tag: locale === "ru-RU" && colorScheme === "light" ? [] : "@desktop",
    }, () => {
      test.use({ locale, colorScheme });
      const here = locale === "ru-RU" && colorScheme === "light" ? pages : seenHereAlone;
      test("no page has accessibility violations", async ({ page }) => {
        for (const [name, open] of here) {
          await open(page);
          expect(await accessibilityViolations(page), name).toEqual([]);
        }
      });
    });

for (const colorScheme of ["light", "dark"] as const)
  test.describe(colorScheme, { tag: colorScheme === "light" ? [] : "@desktop" }, () => {
    test.use({ colorScheme });
    test("the account has no accessibility violations in either language", async ({ page }) => {
      await register(page);
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole("button", { name: "Русский" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Здравствуйте, Анна");
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });

test.describe("320 pixels wide", () => {
  test.use({ viewport: { width: 320, height: 640 }, locale: "ru-RU" });
  test("no page needs scrolling sideways", { tag: "@desktop" }, async ({ page }) => {
    for (const [name, open] of pages) {
      await open(page);
      expect(await overflow(page), name).toBeLessThanOrEqual(0);
    }
  });
});

test.describe("320 pixels wide, signed in", () => {
  test.use({ viewport: { width: 320, height: 640 } });
  test("the account needs no scrolling sideways", { tag: "@desktop" }, async ({ page }) => {
    await register(page);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
});

test("no page asks a foreign host for anything, or styles itself inline", { tag: "@desktop" }, async ({
  page,
  baseURL,
}) => {
  const hosts = new Set<string>();
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  for (const [, open] of pages) {
    await open(page);
    await expect(page.locator("[style]")).toHaveCount(0);
  }
  await register(page);
  await expect(page.locator("[style]")).toHaveCount(0);
  expect([...hosts]).toEqual([baseURL]);
});
