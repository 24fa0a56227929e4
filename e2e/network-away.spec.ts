import { makePeople, openWithScript } from "./admin-people";
import { expect, test } from "./fixtures";

test.use({ locale: "en-US" });

test.describe("a network that is away", () => {
  test.use({ expectedProblems: [/ERR_INTERNET_DISCONNECTED|Failed to fetch/] });

  test("a person's page stays, and each button says that no answer came", { tag: ["@stack", "@desktop"] }, async ({
    page,
    context,
    stack,
  }) => {
    const { users } = await makePeople(stack, [{ isPaid: true, paidAt: new Date() }]);
    const userId = users[0]?.id ?? 0;
    await stack.db.paymentChange.create({ data: { userId, isPaid: true, actorKind: "BITRIX24", origin: "portal" } });
    await openWithScript(page, `/admin/users/${userId}`);
    const mark = page.getByRole("button", { name: "Mark as not paid" });
    await expect(mark).toBeVisible();
    await context.setOffline(true);
    await mark.click();
    await expect(page.locator("#payments").getByRole("alert")).toContainText("may have been saved");
    await page.locator("#timeline").getByRole("button", { name: "Undo" }).click();
    await expect(page.locator("#timeline").getByRole("alert")).toContainText("The connection broke");
    await expect(page.locator("[data-paid]")).toHaveAttribute("data-paid", "true");
    await context.setOffline(false);
    await mark.click();
    await expect(page.getByText("Paid on", { exact: false })).toHaveCount(0);
    await expect(page.locator("[data-paid]")).toHaveAttribute("data-paid", "false");
  });
});
