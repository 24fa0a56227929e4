import type { Page } from "@playwright/test";
import { makePeople, openAsAdmin } from "./admin-people";
import { expect, serverAway, test } from "./fixtures";
import { register } from "./people";
import { accessibilityViolations, overflow } from "./violations";

test.use({ locale: "en-US" });

const registrations = async (page: Page) =>
  Number((await page.locator("[data-statistic=registrations]").innerText()).replace(/\D/g, ""));

/** Proves that a page was not loaded again: a mark in it is gone with it. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { marked: true }));
const isMarked = (page: Page) => page.evaluate(() => "marked" in window);

test("the statistics update without a reload when a person registers", { tag: ["@stack", "@desktop"] }, async ({
  page,
  browser,
  baseURL,
}) => {
  await openAsAdmin(page, "/admin");
  await expect(page.locator("[data-freshness=current]")).toHaveText("Updated every few seconds");
  const before = await registrations(page);
  await mark(page);

  const visitor = await browser.newContext({ baseURL: String(baseURL), locale: "en-US" });
  await register(await visitor.newPage());
  await visitor.close();

  await expect.poll(() => registrations(page)).toBe(before + 1);
  expect(await isMarked(page)).toBe(true);
});

test.describe("while the server restarts", () => {
  test.use({ expectedProblems: [serverAway] });

  test("a page that was open says that it is old, and is up to date again afterwards", {
    tag: ["@stack", "@desktop"],
  }, async ({ page, stack }) => {
    await openAsAdmin(page, "/admin");
    await expect(page.locator("[data-freshness=current]")).toBeVisible();
    const before = await registrations(page);
    await mark(page);
    await stack.kill9();
    await expect(page.locator("[data-freshness=old]")).toHaveText(
      "The server does not answer: the numbers may be out of date",
    );
    await stack.restart();
    await makePeople(stack, [{}]);
    await expect.poll(() => registrations(page)).toBe(before + 1);
    await expect(page.locator("[data-freshness=current]")).toBeVisible();
    expect(await isMarked(page)).toBe(true);
  });
});

test("a page on which something is filled in stays when its person is signed out", {
  tag: ["@stack", "@desktop"],
}, async ({ page, context, stack }) => {
  const { users } = await makePeople(stack, [{ crmState: "FAILED", crmError: "CRM_FIELD_ERROR", crmAttempts: 8 }]);
  await openAsAdmin(page, "/admin/crm?list=failed");
  // Signed out before the page asks, so that it cannot load its data in between.
  await page.route("**/admin/crm?list=failed", async (route) => {
    if (route.request().method() !== "HEAD") return route.fallback();
    await context.clearCookies();
    const { cookie: _, ...headers } = await route.request().allHeaders();
    await route.fulfill({ response: await route.fetch({ headers, maxRedirects: 0 }) });
  });
  const box = page.locator(`input[name=id][value="${users[0]?.id}"]`);
  await expect(page.locator("[data-freshness=current]")).toBeVisible();
  await box.check();
  await expect(page.locator("[data-freshness=ended]")).toHaveText("You are signed out: the numbers may be out of date");
  await expect(box).toBeChecked();
  // The page goes on asking while it is closed.
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("numbers, periods and the table are shown", { tag: "@stack" }, async ({ page, stack }) => {
    const longAgo = new Date("2020-02-10T12:00:00Z");
    await makePeople(stack, [
      { createdAt: longAgo, source: "almanac", campaign: "leap-day", isPaid: true, paidAt: longAgo },
      { createdAt: longAgo, source: "almanac" },
    ]);
    await openAsAdmin(page, "/admin");
    await page.getByRole("link", { name: "90 days" }).click();
    await expect(page).toHaveURL("/admin?days=90");
    await expect(page.getByRole("link", { name: "90 days" })).toHaveAttribute("aria-current", "page");

    await page.getByLabel("From", { exact: true }).fill("2020-02-01");
    await page.getByLabel("To", { exact: true }).fill("2020-02-29");
    await page.getByRole("button", { name: "Show" }).click();
    await expect(page).toHaveURL("/admin?from=2020-02-01&to=2020-02-29");
    await expect(page.locator("[data-statistic=registrations]")).toHaveText("2");
    await expect(page.getByText("1 person of 2")).toBeVisible();
    await expect(page.getByRole("img", { name: /2 registrations and 1 payment from 1 February 2020/ })).toBeVisible();
    await page.getByText("Show as a table").click();
    await expect(page.getByRole("row", { name: "10 Feb 2 1" })).toBeVisible();
    await expect(page.getByRole("row", { name: /^almanac 2 50%/ })).toBeVisible();
    await expect(page.getByRole("row", { name: /^leap-day almanac 1 100%/ })).toBeVisible();
  });

  test("an invalid period is ignored with a message that says why", { tag: ["@stack", "@desktop"] }, async ({
    page,
  }) => {
    await openAsAdmin(page, "/admin?from=2020-02-31&to=never");
    await expect(page.getByText("needs two days that exist")).toBeVisible();
    await expect(page.getByRole("link", { name: "30 days" })).toHaveAttribute("aria-current", "page");
    await page.goto("/admin?from=2026-03-02&to=2026-03-01");
    await expect(page.getByText("ends before it begins")).toBeVisible();
    await expect(page.getByLabel("From", { exact: true })).toHaveValue("2026-03-02");
    await expect(page.getByLabel("To", { exact: true })).toHaveValue("2026-03-01");
  });

  test("a period without registrations says so", { tag: ["@stack", "@desktop"] }, async ({ page }) => {
    await openAsAdmin(page, "/admin?from=1999-01-01&to=1999-12-31");
    await expect(page.getByText("No registrations in this period")).toBeVisible();
  });
});

for (const locale of ["ru-RU", "en-GB"])
  for (const colorScheme of ["light", "dark"] as const)
    test.describe(`${locale}, ${colorScheme}`, {
      tag: locale === "ru-RU" && colorScheme === "light" ? [] : "@desktop",
    }, () => {
      test.use({ locale, colorScheme });
      test("the statistics have no accessibility violations", { tag: "@stack" }, async ({ page, stack }) => {
        await page.goto("/login?redirectTo=/admin?days=7");
        await page.locator("[name=email]").fill("admin@example.com");
        await page.locator("[name=password]").fill("administrator-1");
        await page.locator("main form button[type=submit]").click();
        await makePeople(stack, [
          { source: "x".repeat(255), campaign: "ж".repeat(255), isPaid: true, paidAt: new Date() },
        ]);
        await expect(page.locator("[data-freshness=current]")).toBeVisible();
        await page.locator("summary").first().click();
        expect(await accessibilityViolations(page)).toEqual([]);
        await page.setViewportSize({ width: 320, height: 640 });
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        expect(await accessibilityViolations(page)).toEqual([]);
      });
    });
