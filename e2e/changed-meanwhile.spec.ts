import { makePeople, openAsAdmin, stopTime } from "./admin-people";
import { expect, test } from "./fixtures";

// What a page does when it hears that a colleague has changed what it shows.

test.use({ locale: "en-US" });

for (const place of ["person's button", "message", "message above the list"] as const)
  test(`a payment that was changed meanwhile loads the page's data once: ${place}`, {
    tag: ["@stack", "@desktop"],
  }, async ({ page, stack }) => {
    const { users, list } = await makePeople(stack, [{}]);
    const id = users[0]?.id ?? 0;
    await openAsAdmin(page, list);
    await page.locator(`main a[href="/admin/users/${id}"]`).first().click();
    const state = page.locator("[data-paid]");
    await expect(state).toBeVisible();
    await stopTime(page);
    const toast = page.locator("[data-toast]");
    const mark = state.getByRole("button", { name: "Mark as paid" });
    if (place !== "person's button") {
      await mark.click();
      await expect(toast).toContainText("marked as paid");
      await expect(state.getByRole("button", { name: "Mark as not paid" })).toBeVisible();
    }
    if (place === "message above the list") {
      await page.goBack();
      await expect(page.getByRole("list", { name: "Registered people" })).toBeVisible();
    }
    const byPortal = { userId: id, actorKind: "BITRIX24" as const, actorId: null, origin: "portal" };
    const isPaid = place === "person's button";
    await stack.db.user.update({ where: { id }, data: { isPaid, paidAt: isPaid ? new Date() : null } });
    await stack.db.paymentChange.create({ data: { ...byPortal, isPaid } });
    const loads: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "GET" && /\/admin\/users.*\.data/.test(request.url())) loads.push(request.url());
    });
    if (isPaid) {
      await mark.click();
      await expect(page.getByRole("alert")).toContainText("it is paid now.");
      await expect(page.locator("[data-paid=true]")).toBeVisible();
    } else {
      await toast.getByRole("button", { name: "Undo" }).click();
      await expect(toast).toContainText("Not undone: this was changed meanwhile.");
      const people = page.getByRole("list", { name: "Registered people" });
      await expect(
        place === "message" ? page.locator("[data-paid=false]") : people.getByText("Not paid"),
      ).toBeVisible();
    }
    // Whatever else the page would ask for is asked before this.
    await page.evaluate(() => window.__remixRouter.revalidate());
    await expect.poll(() => loads.length).toBeGreaterThan(1);
    expect(loads).toHaveLength(2);
  });
