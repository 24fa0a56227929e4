import { makePeople, openAsAdmin } from "./admin-people";
import { expect, test } from "./fixtures";

test.use({ locale: "en-US" });

test("of several answers about a payment the page says the last", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { users } = await makePeople(stack, [{}]);
  const userId = users[0]?.id ?? 0;
  await openAsAdmin(page, `/admin/users/${userId}`);
  const undo = page.locator("#timeline").getByRole("button", { name: "Undo" });
  const refusal = page.getByRole("alert").filter({ hasText: "This page was out of date" });
  const undone = page.getByText("The last change was undone.");
  await page.getByRole("button", { name: "Mark as paid" }).click();
  await expect(undo).toBeVisible();

  await stack.db.user.update({ where: { id: userId }, data: { isPaid: false, paidAt: null } });
  await stack.db.paymentChange.create({
    data: { userId, isPaid: false, actorKind: "BITRIX24", actorId: null, origin: "portal" },
  });
  await undo.click();
  await expect(refusal).toBeVisible();
  await page.getByRole("button", { name: "Mark as paid" }).click();
  // With it the history has the new change, which alone can be undone.
  await expect(page.getByRole("button", { name: "Mark as not paid" })).toBeVisible();
  await expect(refusal).toHaveCount(0);

  await undo.click();
  await expect(undone).toBeVisible();
  await page.getByRole("button", { name: "Mark as paid" }).click();
  await expect(page.getByRole("button", { name: "Mark as not paid" })).toBeVisible();
  await expect(undone).toHaveCount(0);
});
