import type { Page } from "@playwright/test";
import { makePeople, openAsAdmin, tabTo } from "./admin-people";
import { expect, test } from "./fixtures";
import { accessibilityViolations, overflow } from "./violations";

test.use({ locale: "en-US" });

const menu = (page: Page) => page.getByRole("navigation", { name: "Administration" });
const entry = (page: Page, name: string | RegExp) => menu(page).getByRole("link", { name, exact: true });

test.describe("on a wide screen", () => {
  test.use({ viewport: { width: 1280, height: 800 } });

  test("every page of the administration is one click away, and the menu says where one is", {
    tag: ["@stack", "@desktop"],
  }, async ({ page }) => {
    await openAsAdmin(page, "/admin");
    // The address is there before the page is.
    await expect(entry(page, "Audit log")).toBeVisible();
    const paths = await menu(page)
      .getByRole("listitem")
      .getByRole("link")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    expect(paths.length).toBeGreaterThan(12);
    for (const path of paths) {
      await menu(page).locator(`a[href="${path}"]`).click();
      await expect(page).toHaveURL(path);
      await expect(menu(page).locator("[aria-current]")).toHaveAttribute("href", path);
      await expect(menu(page).locator("[aria-current]")).toHaveAttribute("aria-current", "page");
    }
  });

  test("a page below an entry belongs to it, also one that does not exist", { tag: ["@stack", "@desktop"] }, async ({
    page,
    stack,
  }) => {
    const { users } = await makePeople(stack, [{}]);
    await openAsAdmin(page, `/admin/users/${users[0]?.id}`);
    await expect(entry(page, "People")).toHaveAttribute("aria-current", "true");
    await page.goto("/admin/users/2147483647");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no such page");
    await expect(entry(page, "People")).toHaveAttribute("aria-current", "true");
  });

  test("what waits for a decision is counted beside its entry", { tag: ["@stack", "@desktop"] }, async ({
    page,
    stack,
  }) => {
    await makePeople(stack, [
      { crmState: "FAILED", crmError: "CRM_FIELD_ERROR", crmAttempts: 8 },
      { crmState: "HELD", holds: ["review"] },
    ]);
    await openAsAdmin(page, "/admin");
    await expect(entry(page, /^Queue \d+\+? could not be sent$/)).toBeVisible();
    await expect(entry(page, /^Review \d+\+? need attention$/)).toBeVisible();
    expect(await accessibilityViolations(page)).toEqual([]);
  });
});

for (const javaScriptEnabled of [true, false])
  test.describe(`on a phone, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () => {
    test.use({ viewport: { width: 320, height: 640 }, javaScriptEnabled });

    test("the menu opens by its button, closes by Escape, and gives the focus back", {
      tag: ["@stack", "@desktop"],
    }, async ({ page }) => {
      await openAsAdmin(page, "/admin/audit");
      // After the form of signing in the keyboard's way begins at the content, behind the menu; in a fresh page at its top.
      await page.reload();
      const button = menu(page).getByRole("button", { name: "Menu" });
      await expect(entry(page, "Audit log")).toBeHidden();
      await tabTo(page, button);
      await page.keyboard.press("Enter");
      await expect(entry(page, "Audit log")).toBeVisible();
      await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await expect(entry(page, "Audit log")).toBeHidden();
      await expect(button).toBeFocused();

      await page.keyboard.press("Enter");
      await entry(page, "Webhooks").click();
      await expect(page).toHaveURL("/admin/webhooks");
      await expect(entry(page, "Webhooks")).toBeHidden();
    });
  });

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 780 } });
  test("the header leaves the screen to the page", { tag: ["@stack", "@desktop"] }, async ({ page }) => {
    await openAsAdmin(page, "/admin/users");
    await expect(page.getByRole("list", { name: "Registered people" })).toBeVisible();
    const header = await page.getByRole("banner").boundingBox();
    expect(header?.height).toBeLessThanOrEqual(64);
  });
});
