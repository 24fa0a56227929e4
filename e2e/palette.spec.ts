import type { Page } from "@playwright/test";
import { makePeople, openAsAdmin } from "./admin-people";
import { expect, test } from "./fixtures";
import { accessibilityViolations, overflow } from "./violations";

test.use({ locale: "en-US" });

const opener = (page: Page) => page.getByRole("button", { name: "Search or go to a page" });
const palette = (page: Page) => page.getByRole("dialog", { name: "Find a person or go to a page" });
const box = (page: Page) => palette(page).getByRole("combobox", { name: "Name, e-mail, phone or page" });
const option = (page: Page, name: string | RegExp) => palette(page).getByRole("option", { name });

/** The keys work once the page's script runs, which the button shows. */
async function openByKeys(page: Page): Promise<void> {
  await expect(opener(page)).toBeAttached();
  await page.keyboard.press("Control+KeyK");
  await expect(box(page)).toBeFocused();
}

test("by the keyboard alone a person is found and opened, and a page", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { company, users } = await makePeople(stack, [{ firstName: "Ёлка", lastName: "Ивановская" }, {}]);
  await openAsAdmin(page, "/admin/audit");
  await openByKeys(page);
  await page.keyboard.type(`иванов ${company}`);
  await expect(option(page, /^Ёлка Ивановская/)).toHaveAttribute("aria-selected", "true");
  await expect(box(page)).toHaveAttribute(
    "aria-activedescendant",
    (await option(page, /^Ёлка Ивановская/).getAttribute("id")) ?? "",
  );
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/admin/users/${users[0]?.id}`);
  await expect(palette(page)).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ёлка Ивановская");

  await openByKeys(page);
  await page.keyboard.type("settings");
  await expect(option(page, /^All settings/)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  await expect(option(page, /^Forms/)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(option(page, "Show all people found by “settings”")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  await expect(palette(page).locator('[aria-selected="true"]')).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/admin/settings");
});

test("the list of people shows all who were found, and Escape gives the focus back", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const { company, list } = await makePeople(
    stack,
    Array.from({ length: 10 }, () => ({})),
  );
  await openAsAdmin(page, "/admin/audit");
  await opener(page).click();
  await expect(box(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(palette(page)).toHaveCount(0);
  await expect(opener(page)).toBeFocused();

  await page.keyboard.press("Enter");
  await box(page).fill(`@${company}`);
  await expect(palette(page).getByRole("status")).toContainText("People: 8. The list of people shows the rest.");
  await option(page, `Show all people found by “@${company}”`).click();
  await expect(page).toHaveURL(list);
  await expect(page.getByText("10 people found")).toBeVisible();
});

test("the keys open it in any layout, with the page's own name for K", { tag: ["@stack", "@desktop"] }, async ({
  page,
}) => {
  await openAsAdmin(page, "/bitrix24-test");
  await expect(opener(page)).toBeVisible();
  await page.evaluate(() => {
    const keys = { key: "л", code: "KeyK", ctrlKey: true, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", keys));
  });
  await expect(box(page)).toBeFocused();
});

test("while people are sought, Enter opens nothing that nobody has marked", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { company, users, list } = await makePeople(stack, [{}]);
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route("**/api/users/search*", async (route) => {
    await held;
    await route.continue();
  });
  await openAsAdmin(page, "/admin/audit");
  await openByKeys(page);
  await page.keyboard.type(`@${company}`);
  const marks = palette(page).locator('[aria-selected="true"]');
  await expect(palette(page).getByRole("status")).toHaveText("Searching people…");
  await expect(marks).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(box(page)).toBeFocused();
  await expect(page).toHaveURL("/admin/audit");

  await page.keyboard.press("ArrowDown");
  await expect(marks).toHaveText(`Show all people found by “@${company}”`);
  answer();
  await expect(option(page, /^Person 0/)).toBeVisible();
  await expect(marks).toHaveText(`Show all people found by “@${company}”`);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(list);

  await openByKeys(page);
  await page.keyboard.type(`@${company}`);
  await expect(option(page, /^Person 0/)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/admin/users/${users[0]?.id}`);
});

test("held down, the keys open it once, and the browser does nothing of its own with them", {
  tag: ["@stack", "@desktop"],
}, async ({ page }) => {
  await openAsAdmin(page, "/admin/audit");
  await openByKeys(page);
  /** After two frames, in which the page has shown what the keys do. */
  const press = (repeat: boolean) =>
    page.evaluate(async (repeat) => {
      const keys = { key: "k", code: "KeyK", ctrlKey: true, repeat, bubbles: true, cancelable: true };
      const isTaken = !document.body.dispatchEvent(new KeyboardEvent("keydown", keys));
      for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
      return isTaken;
    }, repeat);
  expect(await press(true)).toBe(true);
  await page.keyboard.press("Escape");
  await expect(palette(page)).toHaveCount(0);
  expect(await press(true)).toBe(true);
  await expect(palette(page)).toHaveCount(0);
  expect(await press(false)).toBe(true);
  await expect(box(page)).toBeFocused();
});

test.describe("a search that does not answer", () => {
  test.use({ expectedProblems: [/status of 503/] });

  test("is told, and the pages are still found", { tag: ["@stack", "@desktop"] }, async ({ page }) => {
    await page.route("**/api/users/search*", (route) => route.fulfill({ status: 503, body: "{}" }));
    await openAsAdmin(page, "/admin/audit");
    await openByKeys(page);
    await page.keyboard.type("queue");
    await expect(palette(page).getByRole("status")).toContainText("did not answer");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL("/admin/crm");
  });
});

test("text that is typed and not saved is asked about, as by any link", { tag: ["@stack", "@desktop"] }, async ({
  page,
}) => {
  await openAsAdmin(page, "/admin/settings/letters");
  await expect(opener(page)).toBeVisible();
  await page.getByRole("main").getByRole("textbox").first().fill("Typed and not saved");
  let asked = 0;
  page.on("dialog", (dialog) => {
    asked += 1;
    return asked === 1 ? dialog.dismiss() : dialog.accept();
  });
  await openByKeys(page);
  await page.keyboard.type("audit");
  await page.keyboard.press("Enter");
  await expect.poll(() => asked).toBe(1);
  await expect(page).toHaveURL("/admin/settings/letters");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/admin/audit");
  expect(asked).toBe(2);
});

for (const locale of ["en-US", "ru-RU"] as const)
  for (const colorScheme of ["light", "dark"] as const)
    test.describe(`${locale}, ${colorScheme}`, () => {
      test.use({ locale, colorScheme, viewport: { width: 320, height: 640 } });

      test("on a phone it opens from the menu, without accessibility violations", {
        tag: ["@stack", "@desktop"],
      }, async ({ page, stack }) => {
        const { company } = await makePeople(stack, [{ firstName: "Vera" }]);
        await openAsAdmin(page, "/admin/audit");
        await page.getByRole("button", { name: locale === "en-US" ? "Menu" : "Меню", exact: false }).click();
        await page.getByRole("button", { name: locale === "en-US" ? "Search or go to a page" : "Поиск" }).click();
        const dialog = page.getByRole("dialog");
        await expect(dialog.getByRole("option")).not.toHaveCount(0);
        await dialog.getByRole("combobox").fill(`@${company}`);
        await expect(dialog.getByRole("option", { name: /^Vera/ })).toBeVisible();
        expect(await accessibilityViolations(page)).toEqual([]);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        await dialog.getByRole("button", { name: locale === "en-US" ? "Close" : "Закрыть" }).click();
        await expect(dialog).toHaveCount(0);
      });
    });

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("its place leads to the search in the list of people", { tag: ["@stack", "@desktop"] }, async ({ page }) => {
    await openAsAdmin(page, "/admin/audit");
    await expect(opener(page)).toHaveCount(0);
    await page.getByRole("link", { name: "Search or go to a page" }).click();
    await expect(page).toHaveURL("/admin/users#content");
    await expect(page.getByRole("search").getByLabel("Name, e-mail or phone")).toBeVisible();
  });
});
