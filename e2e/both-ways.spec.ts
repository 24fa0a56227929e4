import { openAsAdmin } from "./admin-people";
import { expect, test } from "./fixtures";
import { onPortal, register } from "./people";

test("a payment moves the deal, and a moved deal is a payment, within seconds @stack @desktop", async ({
  page,
  browser,
  baseURL,
  stack,
}) => {
  const person = await register(page);
  await expect(page.locator("[data-crm-state=synced]")).toBeVisible({ timeout: 15_000 });
  const { user, deals } = await onPortal(stack, person);
  const dealId = deals[0]?.id ?? 0;

  stack.portal.staff.moveDeal(dealId, "WON");
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Paid", { exact: true })).toBeVisible({ timeout: 100 });
  }).toPass({ timeout: 15_000 });

  const context = await browser.newContext({ baseURL: String(baseURL), locale: "en-US" });
  const admin = await context.newPage();
  await openAsAdmin(admin, `/admin/users/${user.id}`);
  await expect(admin.locator("[data-paid=true]")).toBeVisible();
  await admin.getByRole("button", { name: "Mark as not paid" }).click();
  await expect.poll(() => stack.portal.deals.get(dealId)?.stageId, { timeout: 15_000 }).toBe("NEW");

  await admin.getByRole("button", { name: "Mark as paid" }).click();
  await expect.poll(() => stack.portal.deals.get(dealId)?.stageId, { timeout: 15_000 }).toBe("WON");
  // Its own moves come back as events, and must not be taken for somebody's.
  await stack.portal.eventsSettled();
  const changes = await stack.db.paymentChange.findMany({ where: { userId: user.id }, orderBy: { id: "asc" } });
  expect(changes.map(({ isPaid, origin }) => [isPaid, origin])).toEqual([
    [true, "portal"],
    [false, "page"],
    [true, "page"],
  ]);
  await context.close();
});
