import type { Page } from "@playwright/test";
import { clickTwice, makePeople, openAsAdmin } from "./admin-people";
import { expect, test } from "./fixtures";
import { accessibilityViolations, overflow } from "./violations";

test.use({ locale: "en-US" });

const check = (page: Page, id: string) => page.locator(`[data-check=${id}]`);
const numberOf = (page: Page) => Number(new URL(page.url()).searchParams.get("run"));

/**
 * Has the portal asked again. The page waits for the answers for five seconds, and shows those that come later when it is
 * opened anew.
 */
async function checkAgain(page: Page, id: string, state: "ok" | "fail"): Promise<void> {
  await page.getByRole("button", { name: /Check again|Проверить ещё раз/ }).click();
  let looks = 0;
  await expect(async () => {
    if (looks++ > 0) await page.goto("/bitrix24-test");
    await expect(check(page, id)).toHaveAttribute("data-state", state, { timeout: 15_000 });
  }).toPass();
}

test.afterEach(async ({ stack, page }) => {
  stack.portal.clearFaults();
  await page.goto("/bitrix24-test");
  // The next spec must not see this one's answers of the portal.
  await checkAgain(page, "credentials", "ok");
});

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", {
    tag: javaScriptEnabled ? "@stack" : ["@stack", "@desktop"],
  }, () => {
    test.use({ javaScriptEnabled });

    test("a test registration is followed step by step to the portal, and removed without a trace", async ({
      page,
      stack,
    }) => {
      await openAsAdmin(page, "/bitrix24-test");
      await page.getByRole("button", { name: "Start a test registration" }).click();
      await expect(page.getByText("Saved on our side")).toBeVisible();
      const id = numberOf(page);
      await expect(page.locator("[data-crm-state=synced]")).toBeVisible();
      await expect(page.getByText(/^Contact \d+ was created$/)).toBeVisible();
      await expect(page.getByText(/^Deal \d+ was created$/)).toBeVisible();
      await expect(page.getByText("The product was added to the deal")).toBeVisible();
      const marked = () =>
        [...stack.portal.contacts.values(), ...stack.portal.deals.values()].filter(
          ({ originId }) => originId === `user-${id}`,
        );
      expect(marked()).toHaveLength(2);

      await page.getByRole("button", { name: "Remove it from Bitrix24 and here" }).click();
      await expect(page.getByText("The test registration is removed")).toBeVisible();
      expect(marked()).toEqual([]);
      expect(await stack.db.user.findUnique({ where: { id } })).toBeNull();
    });

    test("a red line of the checklist says what to do", async ({ page, stack }) => {
      await openAsAdmin(page, "/bitrix24-test");
      await checkAgain(page, "product", "ok");
      await expect(page.getByText("A registration would reach Bitrix24 now.")).toBeVisible();

      stack.portal.fail({ kind: "badCredentials" });
      await checkAgain(page, "credentials", "fail");
      await expect(check(page, "credentials")).toContainText("Create a new inbound webhook on the portal");
      await expect(page.getByText("Registrations would wait: fix what is marked red.")).toBeVisible();
    });

    test("any user's data and payment can be looked at and changed", async ({ page, stack }) => {
      const { users } = await makePeople(stack, [{ firstName: "Чаша" }]);
      const id = users[0]?.id ?? 0;
      await openAsAdmin(page, "/bitrix24-test");
      await page.getByLabel("Number of the user").fill(String(id));
      await page.getByRole("button", { name: "Show", exact: true }).click();
      await expect(page.getByText(users[0]?.email ?? "")).toBeVisible();
      await page.getByRole("button", { name: "Mark as paid" }).click();
      await expect(page.locator("[data-paid=true]")).toBeVisible();
      // The page turns at once, ahead of the answer.
      await expect.poll(() => stack.db.user.findUnique({ where: { id } })).toMatchObject({ isPaid: true });
    });
  });

test("two clicks are one test registration, and one removal", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const count = () => stack.db.auditEntry.count({ where: { action: "test.start" } });
  const before = await count();
  await openAsAdmin(page, "/bitrix24-test");
  await clickTwice(page, page.getByRole("button", { name: "Start a test registration" }));
  await expect(page.locator("[data-crm-state=synced]")).toBeVisible();
  expect(await count()).toBe(before + 1);
  await clickTwice(page, page.getByRole("button", { name: "Remove it from Bitrix24 and here" }));
  await expect(page.getByText("The test registration is removed")).toBeVisible();
});

test("a refusal for one person is not shown for the next person", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { users } = await makePeople(stack, [{}, {}]);
  const [stale, other] = users;
  await openAsAdmin(page, `/bitrix24-test?userId=${stale?.id}`);
  await stack.db.user.update({ where: { id: stale?.id ?? 0 }, data: { isPaid: true, paidAt: new Date() } });
  await page.getByRole("button", { name: "Mark as paid" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "This page was out of date" })).toBeVisible();

  await page.getByLabel("Number of the user").fill(String(other?.id));
  await page.getByRole("button", { name: "Show", exact: true }).click();

  await expect(page.getByText(other?.email ?? "")).toBeVisible();
  await expect(page.getByText("This page was out of date")).toHaveCount(0);
});

test("an invalid or unknown number is answered on the page", { tag: ["@stack", "@desktop"] }, async ({ page }) => {
  await openAsAdmin(page, "/bitrix24-test");
  for (const userId of ["abc", "0", "2000000000", "99999999999"]) {
    expect((await page.goto(`/bitrix24-test?userId=${userId}`))?.status()).toBe(404);
    await expect(page.getByText("There is no user with this number.")).toBeVisible();
  }
});

test("a test registration that was already removed is reported, and no other person is ever removed", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const { users } = await makePeople(stack, [{}]);
  await openAsAdmin(page, "/bitrix24-test");
  await page.getByRole("button", { name: "Start a test registration" }).click();
  await expect(page.locator("[data-crm-state=synced]")).toBeVisible();
  await page.locator("[name=userId][type=hidden]").evaluate((field, id) => {
    (field as HTMLInputElement).value = String(id);
  }, users[0]?.id);
  await page.getByRole("button", { name: "Remove it from Bitrix24 and here" }).click();
  await expect(page.getByText("There is no such test registration")).toBeVisible();
  expect(await stack.db.user.findUnique({ where: { id: users[0]?.id ?? 0 } })).not.toBeNull();
});

for (const colorScheme of ["light", "dark"] as const)
  test.describe(colorScheme, { tag: colorScheme === "light" ? [] : "@desktop" }, () => {
    test.use({ colorScheme });

    test("the page has no accessibility violations in either language, and needs no scrolling sideways", {
      tag: "@stack",
    }, async ({ page, stack }) => {
      const { users } = await makePeople(stack, [{}]);
      await openAsAdmin(page, `/bitrix24-test?userId=${users[0]?.id}`);
      for (const language of ["English", "Русский"]) {
        await page.getByRole("button", { name: language }).click();
        await expect(page.locator("html")).toHaveAttribute("lang", language === "English" ? "en" : "ru");
        expect(await accessibilityViolations(page)).toEqual([]);
      }
      await page.getByRole("button", { name: "Начать тестовую регистрацию" }).click();
      await expect(page.locator("[data-crm-state=synced]")).toBeVisible();
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });
