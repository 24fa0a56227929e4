import { askIdentity } from "../server/test/identity";
import { openAsAdmin } from "./admin-people";
import { expect, test } from "./fixtures";
import type { Stack } from "./stack";
import { accessibilityViolations } from "./violations";

const ask = (stack: Stack, kind: "portal" | "database") => askIdentity(stack.db, kind, { host: stack.portalURL });

const questionOf = async (stack: Stack) =>
  (await stack.db.installation.findUniqueOrThrow({ where: { id: 1 } })).question;

for (const [locale, label] of [
  ["en-US", "The same portal under a new address"],
  ["ru-RU", "Тот же портал по новому адресу"],
] as const)
  test.describe(locale, () => {
    test.use({ locale });
    test(`an administrator is led from queue and statistics to the question which portal it is, and answers it`, {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      await expect.poll(() => stack.db.installation.count()).toBe(1);
      await ask(stack, "portal");
      await openAsAdmin(page, "/admin");
      await expect(page.locator('main a[href="/admin/portal"]')).toBeVisible();
      await page.goto("/admin/crm");
      await page.locator('main a[href="/admin/portal"]').click();
      await expect(page.locator("[data-identity-question=portal]")).toBeVisible();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole("button", { name: label }).click();
      await expect(page.locator("[data-identity-question]")).toHaveCount(0);
      expect(await questionOf(stack)).toBeNull();
      expect(await accessibilityViolations(page)).toEqual([]);
      const action = "portal.answer";
      const entry = await stack.db.auditEntry.findFirstOrThrow({ where: { action }, orderBy: { id: "desc" } });
      expect(entry).toMatchObject({ details: { kind: "portal", answer: "renamed" } });
    });
  });

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test("an answer that leaves records behind asks for the password first", { tag: ["@stack", "@desktop"] }, async ({
    page,
    stack,
  }) => {
    await expect.poll(() => stack.db.installation.count()).toBe(1);
    await ask(stack, "database");
    try {
      await openAsAdmin(page, "/admin/portal");
      // A recent sign-in counts as a confirmed password, so it is made older.
      await stack.db.session.updateMany({ data: { confirmedAt: new Date(0) } });
      await page.getByText("It is a copy, and the earlier installation is still in use").click();
      await page.locator("button[name=answer][value=copy]").click();
      await expect(page.locator("input[type=password]")).toBeVisible();
      expect(await questionOf(stack)).not.toBeNull();
    } finally {
      await stack.db.$executeRaw`update "Installation" set question = null, "questionAt" = null`;
    }
  });
});
