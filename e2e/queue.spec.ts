import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { makePeople, openAsAdmin, tabTo } from "./admin-people";
import { expect, test } from "./fixtures";
import type { Stack } from "./stack";
import { accessibilityViolations, overflow } from "./violations";

test.use({ locale: "en-US" });

const state = (page: Page, name: string) => page.locator(`[data-queue-state=${name}]`);

/** A person whose registration failed permanently: it is in the queue again as soon as it is resent. */
async function makeFailed(stack: Stack) {
  const firstName = `Given-up-${randomUUID()}`;
  const { users } = await makePeople(stack, [{ firstName, crmState: "FAILED", crmError: "TIMEOUT", crmAttempts: 20 }]);
  return { id: users[0]?.id ?? 0, resend: `Send the registration of ${firstName} again` };
}

const crmState = async ({ db }: Stack, id: number) =>
  (await db.user.findUniqueOrThrow({ where: { id }, select: { crmState: true } })).crmState;

const arrives = (stack: Stack, id: number) => expect.poll(() => crmState(stack, id)).toBe("SYNCED");

/** What earlier tests have registered would wait beside the spec's own people. */
test.beforeEach(({ stack }) =>
  expect.poll(() => stack.db.user.count({ where: { crmState: "PENDING" } }), "all has arrived").toBe(0),
);

test.afterEach(async ({ stack }) => {
  stack.portal.clearFaults();
  await stack.db.crmPortal.update({
    where: { id: 1 },
    data: { pausedBy: null, pauseCode: null, pausedAt: null, probeAt: null },
  });
});

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", {
    tag: javaScriptEnabled ? "@stack" : ["@stack", "@desktop"],
  }, () => {
    test.use({ javaScriptEnabled });

    test("a paused queue keeps a registration that is sent again, and sends it once it is resumed", async ({
      page,
      stack,
    }) => {
      await openAsAdmin(page, "/admin/crm?list=waiting");
      await page.getByRole("button", { name: "Pause the queue" }).click();
      await expect(page.getByText("The queue is paused. Nothing is lost")).toBeVisible();
      await expect(state(page, "admin")).toBeVisible();

      const { id, resend } = await makeFailed(stack);
      await page.goto("/admin/crm?list=failed");
      await page.getByRole("button", { name: resend }).click();
      await expect(page.getByText("1 registration is queued again.")).toBeVisible();
      await page.goto("/admin/crm?list=waiting");
      await expect(page.getByRole("list", { name: "Waiting" }).getByRole("listitem")).toHaveCount(1);
      await expect(page.locator("[data-queue-pending]")).toHaveAttribute("data-queue-pending", "1");
      expect(await crmState(stack, id)).toBe("PENDING");

      await page.getByRole("button", { name: "Resume the queue" }).click();
      await expect(page.getByText("The queue is running again.")).toBeVisible();
      await arrives(stack, id);
      await page.goto("/admin/crm");
      await expect(page.getByText("Nothing is waiting", { exact: true })).toBeVisible();
    });

    test("all failed registrations are sent again, after a question that names their number", async ({
      page,
      stack,
    }) => {
      await stack.db.user.updateMany({ where: { crmState: "FAILED" }, data: { crmState: "SYNCED" } });
      const ids = [await makeFailed(stack), await makeFailed(stack), await makeFailed(stack)].map(({ id }) => id);
      await openAsAdmin(page, "/admin/crm?list=failed");
      await expect(page.getByText("Bitrix24 did not answer in time.").first()).toBeVisible();
      await page.getByRole("link", { name: "Send all 3 again" }).click();
      await expect(page.getByText("Send 3 registrations again?")).toBeVisible();
      expect(await crmState(stack, ids[0] ?? 0)).toBe("FAILED");
      await page.getByRole("button", { name: "Send 3 registrations" }).click();
      await expect(page.getByText("3 registrations are queued again.")).toBeVisible();
      for (const id of ids) await arrives(stack, id);
      await page.getByRole("link", { name: "Back to the queue" }).click();
      await expect(page.getByText("No failed registrations")).toBeVisible();
    });

    test("some failed registrations are selected and sent again", async ({ page, stack }) => {
      await stack.db.user.updateMany({ where: { crmState: "FAILED" }, data: { crmState: "SYNCED" } });
      const ids = [await makeFailed(stack), await makeFailed(stack)].map(({ id }) => id);
      await openAsAdmin(page, "/admin/crm?list=failed");
      await page.getByRole("button", { name: "Send selected again" }).click();
      await expect(page.getByText("Nothing selected")).toBeVisible();
      await page.getByRole("link", { name: "Back to the queue" }).click();
      await page.locator(`[name=id][value="${ids[1]}"]`).check();
      await page.getByRole("button", { name: "Send selected again" }).click();
      await page.getByRole("button", { name: "Send 1 registration" }).click();
      await expect(page.getByText("1 registration is queued again.")).toBeVisible();
      await arrives(stack, ids[1] ?? 0);
      expect(await crmState(stack, ids[0] ?? 0)).toBe("FAILED");
    });
  });

test("sending one or some again leads back to the list that one was in", { tag: "@stack" }, async ({ page, stack }) => {
  await stack.db.crmPortal.update({ where: { id: 1 }, data: { pausedBy: "admin", pausedAt: new Date() } });
  const { id, resend } = await makeFailed(stack);
  await stack.db.user.update({ where: { id }, data: { crmState: "PENDING" } });
  await openAsAdmin(page, "/admin/crm?list=retrying");
  await page.locator(`[name=id][value="${id}"]`).check();
  await page.getByRole("button", { name: "Send selected again" }).click();
  await page.getByRole("link", { name: "Back to the queue" }).click();
  await expect(page).toHaveURL("/admin/crm?list=retrying");

  await page.getByRole("button", { name: resend }).click();
  await expect(page.getByText("1 registration is queued again.")).toBeVisible();
  await expect(page).toHaveURL("/admin/crm?list=retrying");
});

test("a page that is chosen as a whole is one page", { tag: ["@stack", "@desktop"] }, async ({ page, stack }) => {
  await makePeople(
    stack,
    Array.from({ length: 30 }, () => ({ crmState: "FAILED" as const, crmError: "TIMEOUT" })),
  );
  await openAsAdmin(page, "/admin/crm?list=failed");
  await page.getByLabel("Select all on this page").check();
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page).toHaveURL(/after=/);
  await expect(page.getByRole("link", { name: "First page" })).toBeVisible();
  await expect(page.getByLabel("Select all on this page")).not.toBeChecked();
  await stack.db.user.updateMany({ where: { crmState: "FAILED" }, data: { crmState: "SYNCED" } });
});

test("the message after a click stays while the lists are updated", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  await openAsAdmin(page, "/admin/crm?list=failed");
  await page.getByRole("button", { name: "Pause the queue" }).click();
  await expect(page.getByText("The queue is paused. Nothing is lost")).toBeVisible();
  const { id, resend } = await makeFailed(stack);
  await expect(page.getByRole("button", { name: resend })).toBeVisible();
  await expect(page.getByText("The queue is paused. Nothing is lost")).toBeVisible();
  await stack.db.user.delete({ where: { id } });
});

test("while the portal is down the page shows waiting registrations and the reason, and updates itself", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  stack.portal.fail({ kind: "500" });
  const { id, resend } = await makeFailed(stack);
  await openAsAdmin(page, "/admin/crm?list=failed");
  await page.getByRole("button", { name: resend }).click();
  await expect(state(page, "retrying")).toBeVisible();
  await page.getByRole("link", { name: /^Retrying/ }).click();
  const entry = page.getByRole("list", { name: "Retrying" }).getByRole("listitem");
  await expect(entry).toContainText("Bitrix24 had an internal error.");

  stack.portal.clearFaults();
  await arrives(stack, id);
  await expect(page.getByText("No failures")).toBeVisible();
  await expect(state(page, "running")).toBeVisible();
});

test("a key that the portal does not accept stops the queue: the page says what to do", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  stack.portal.fail({ kind: "badCredentials" });
  const { id, resend } = await makeFailed(stack);
  await openAsAdmin(page, "/admin/crm?list=failed");
  await page.getByRole("button", { name: resend }).click();
  await expect(state(page, "breaker")).toBeVisible();
  await expect(page.getByText("Bitrix24 does not accept our key.").first()).toBeVisible();
  await expect(page.getByText("Create a new inbound webhook on the portal")).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);

  stack.portal.clearFaults();
  await page.getByRole("button", { name: "Resume the queue" }).click();
  await arrives(stack, id);
  await expect(state(page, "running")).toBeVisible();
});

test("the queue is paused and resumed by keyboard alone", { tag: ["@stack", "@desktop"] }, async ({ page }) => {
  await openAsAdmin(page, "/admin/crm");
  await tabTo(page, page.getByRole("button", { name: "Pause the queue" }));
  await page.keyboard.press("Enter");
  await expect(state(page, "admin")).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Resume the queue" }));
  await page.keyboard.press("Enter");
  await expect(state(page, "running")).toBeVisible();
});

test("an invalid address is ignored with a message", { tag: ["@stack", "@desktop"] }, async ({ page }) => {
  await openAsAdmin(page, "/admin/crm?list=lost&after=yesterday");
  await expect(page.getByText("address was not understood")).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const)
  test.describe(colorScheme, { tag: colorScheme === "light" ? [] : "@desktop" }, () => {
    test.use({ colorScheme });

    test("the queue has no accessibility violations in either language, and needs no scrolling sideways", {
      tag: "@stack",
    }, async ({ page, stack }) => {
      const long = "Аннаистасиямарияелизавета".repeat(3);
      await makePeople(stack, [
        { firstName: long, lastName: long, crmState: "FAILED", crmError: "CRM_FIELD_ERROR_VALUE_NOT_VALID" },
      ]);
      await stack.db.crmPortal.update({
        where: { id: 1 },
        data: { operating: { "crm.item.productrow.set": { operating: 350, resetAt: Date.now() / 1_000 + 300 } } },
      });
      await openAsAdmin(page, "/admin/crm?list=failed");
      await expect(page.getByText("350 of 480 s")).toBeVisible();
      for (const language of ["English", "Русский"]) {
        await page.getByRole("button", { name: language }).click();
        await expect(page.locator("html")).toHaveAttribute("lang", language === "English" ? "en" : "ru");
        expect(await accessibilityViolations(page)).toEqual([]);
      }
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await page.goto("/admin/crm/resend?all=1");
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });
