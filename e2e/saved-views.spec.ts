import type { Page } from "@playwright/test";
import { makePeople, openAsAdmin, openWithScript } from "./admin-people";
import { expect, test } from "./fixtures";
import { accessibilityViolations, overflow } from "./violations";

test.use({ locale: "en-US" });

// The administrator of the stack is every spec's: a default view would change the pages of the others.
test.afterEach(({ stack }) => stack.db.savedView.deleteMany());

const saved = (page: Page) => page.getByRole("list", { name: "Saved views" }).getByRole("link");
const chip = (page: Page, name: string) => saved(page).filter({ hasText: name });

async function save(page: Page, name: string, { shared = false } = {}): Promise<void> {
  await page.getByText("Save view", { exact: true }).click();
  const form = page.locator("form", { has: page.locator("input[value=save]") });
  await form.getByLabel("Name of the view").fill(name);
  if (shared) await form.getByLabel("Share with all administrators").check();
  await form.getByRole("button", { name: "Save", exact: true }).click();
}

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a filter gets a name, is opened by it first, is renamed and deleted", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      const { company, list } = await makePeople(stack, [{}, { isPaid: true, paidAt: new Date() }]);
      const query = `q=${encodeURIComponent(`@${company}`)}&paid=yes`;
      await openAsAdmin(page, `${list}&paid=yes`);
      await save(page, " ");
      await expect(page.getByText("Enter a name.")).toBeVisible();
      await page
        .locator("form", { has: page.locator("input[value=save]") })
        .getByLabel("Name of the view")
        .fill("Paid");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await expect(page.getByText("The view is saved.")).toBeVisible();
      await expect(chip(page, "Paid")).toHaveAttribute("aria-current", "page");

      await page.getByText("Edit views").click();
      await page.getByRole("button", { name: "Set as default: Paid" }).click();
      await expect(page.getByText("The list now opens with this view.")).toBeVisible();
      await page.goto("/admin/users");
      expect(new URL(page.url()).search).toBe(`?${query}`);
      await expect(page.getByText("1 person found")).toBeVisible();

      await chip(page, "All people").click();
      await expect(chip(page, "All people")).toHaveAttribute("aria-current", "page");
      await expect(chip(page, "Paid")).not.toHaveAttribute("aria-current");
      await chip(page, "Paid").click();
      await expect(page.getByText("1 person found")).toBeVisible();

      await page.getByText("Edit views").click();
      const form = page.getByRole("form", { name: "View “Paid”" });
      await form.getByLabel("Name of the view").fill("Money");
      await form.getByRole("button", { name: "Save changes" }).click();
      await expect(chip(page, "Money")).toBeVisible();
      // Saving closes it, but not before the new name is shown.
      await expect(page.getByRole("form", { name: "View “Money”" })).toBeHidden();
      await page.getByText("Edit views").click();
      await page.getByRole("button", { name: "Delete: Money" }).click();
      await expect(page.getByText("The view is deleted.")).toBeVisible();
      await expect(saved(page)).toHaveCount(0);
      await page.goto("/admin/users");
      await expect(page).toHaveURL("/admin/users");
    });

    for (const [path, query] of [
      ["/admin/users", "?paid=yes"],
      ["/admin/audit", "?who=USER"],
    ] as const)
      test(`a view of ${path} that opens first is chosen on the whole list, which says so and stays`, {
        tag: ["@stack", "@desktop"],
      }, async ({ page }) => {
        await openAsAdmin(page, path + query);
        await save(page, "First");
        await expect(page.getByText("The view is saved.")).toBeVisible();
        await page.goto(path);
        await page.getByText("Edit views").click();
        await page.getByRole("button", { name: "Set as default: First" }).click();
        await expect(page.getByText("The list now opens with this view.")).toBeVisible();
        await expect(chip(page, "First")).not.toHaveAttribute("aria-current");
        await page.goto(path);
        expect(new URL(page.url()).search).toBe(query);
      });

    test("ways back to the whole list lead there, whichever view it opens with", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      const { users } = await makePeople(stack, [{ isPaid: true, paidAt: new Date() }]);
      await openAsAdmin(page, "/admin/users?paid=no");
      await save(page, "First");
      await page.getByText("Edit views").click();
      await page.getByRole("button", { name: "Set as default: First" }).click();
      await expect(page.getByText("The list now opens with this view.")).toBeVisible();
      for (const away of [`/admin/users/${users[0]?.id}`, `/admin/users/bulk?mark=unpaid&id=${users[0]?.id}`]) {
        await page.goto(away);
        await page.getByRole("link", { name: "Back to the list" }).click();
        await expect(chip(page, "All people"), away).toHaveAttribute("aria-current", "page");
      }
    });
  });

test("a view of a filter that no longer exists says so and shows what it can", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { company, list } = await makePeople(stack, [{}, {}]);
  await openAsAdmin(page, list);
  await save(page, "Old", { shared: true });
  await expect(chip(page, "Old")).toContainText("shared");
  const query = `?q=${encodeURIComponent(`@${company}`)}&colour=red`;
  await stack.db.savedView.updateMany({ data: { query } });
  await page.goto("/admin/users");
  await chip(page, "Old").click();
  await expect(page.getByText("The view “Old” uses filters that no longer exist: colour.")).toBeVisible();
  await expect(page.getByText("2 people found")).toBeVisible();
});

test("the audit log has saved views of its own", { tag: ["@stack", "@desktop"] }, async ({ page }) => {
  await openAsAdmin(page, "/admin/audit?who=USER&action=session.start");
  await save(page, "Sign-ins");
  await expect(chip(page, "Sign-ins")).toHaveAttribute("aria-current", "page");
  await page.getByText("Edit views").click();
  await page.getByRole("button", { name: "Set as default: Sign-ins" }).click();
  await expect(page.getByText("The list now opens with this view.")).toBeVisible();
  await page.goto("/admin/audit");
  await expect(page).toHaveURL("/admin/audit?who=USER&action=session.start");
  await page.getByRole("link", { name: "Reset" }).click();
  await expect(chip(page, "All changes")).toHaveAttribute("aria-current", "page");
  await page.goto("/admin/users");
  await expect(saved(page)).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"] as const)
  for (const locale of ["en-US", "ru-RU"])
    test.describe(`${locale}, ${colorScheme}`, () => {
      test.use({ locale, colorScheme });
      test("the views and their forms are accessible, wide and narrow", { tag: ["@stack", "@desktop"] }, async ({
        page,
        stack,
      }) => {
        const { list } = await makePeople(stack, [{}]);
        const admin = await stack.db.user.findFirstOrThrow({ where: { role: "ADMIN" } });
        await stack.db.savedView.createMany({
          data: ["Не оплатили в этом месяце, по рекламе", "Unpaid", "0123456789".repeat(4)].map((name, number) => ({
            userId: admin.id,
            list: "users",
            name,
            query: `?source=ad-${number}`,
            isShared: number === 1,
          })),
        });
        await openWithScript(page, list);
        for (const width of [1280, 320]) {
          await page.setViewportSize({ width, height: 800 });
          for (const number of [0, 1]) {
            const summary = page.locator("section summary").nth(number);
            await summary.click();
            expect(await accessibilityViolations(page)).toEqual([]);
            expect(await overflow(page)).toBeLessThanOrEqual(0);
            await page.keyboard.press("Escape");
            await expect(summary).toBeFocused();
          }
        }
      });
    });
