import type { Page } from "@playwright/test";
import { makePeople, openAsAdmin } from "./admin-people";
import { expect, test } from "./fixtures";
import { register } from "./people";
import { expectArrival, hear, heard, heardInTheEnd, listen, ready } from "./screen-reader";

test.use({ locale: "en-US", viewport: { width: 1280, height: 800 } });

const main = (page: Page) => page.getByRole("main");
const search = (page: Page) => page.getByRole("searchbox");

test("entries of the menu, a person, the palette and the way back lead to a page that has the focus and is named", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const { users, list } = await makePeople(stack, [{ firstName: "Vera" }]);
  await listen(page);
  await openAsAdmin(page, list);
  await ready(page);
  const follow = async (place: string, act: () => Promise<void>) => {
    await heard(page);
    const heading = main(page).getByRole("heading", { level: 1 });
    const before = await heading.innerText();
    await act();
    // The address changes before the page does.
    await expect(heading).not.toHaveText(before);
    await expectArrival(page, place);
    // What was followed may stand in it, and be there still.
    await expect(main(page)).toBeFocused();
  };
  await follow("a person", () => main(page).locator(`a[href="/admin/users/${users[0]?.id}"]`).first().click());
  await follow("the palette", async () => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("audit");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL("/admin/audit");
  });
  await follow("a page of the menu, by the keyboard", async () => {
    await page.locator('nav a[href="/admin/settings"]').press("Enter");
    await expect(page).toHaveURL("/admin/settings");
  });
  await follow("a tab", async () => {
    await main(page).locator('nav a[href="/admin/settings/consents"]').press("Enter");
    await expect(page).toHaveURL("/admin/settings/consents");
  });
  await follow("a tab of the same kind of page", async () => {
    await main(page).locator('nav a[href="/admin/settings/alerts"]').press("Enter");
    await expect(page).toHaveURL("/admin/settings/alerts");
    await expectArrival(page, "the first of them");
    await heard(page);
    // The new page takes the focus, and would take it away from a link that is pressed before.
    await main(page).locator('nav a[href="/admin/settings/site"]').press("Enter");
    await expect(page).toHaveURL("/admin/settings/site");
  });
  await follow("a page that does not exist", () =>
    page.evaluate(() => window.__remixRouter.navigate("/admin/users/2147483647")),
  );
  await follow("an earlier page", async () => {
    await page.goBack();
    await expect(page).toHaveURL("/admin/settings/site");
  });
});

test("a filter is answered by how much was found, and the focus is kept or goes to the list", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const { company } = await makePeople(stack, [
    { isPaid: true },
    ...Array.from({ length: 60 }, () => ({ isPaid: false })),
  ]);
  await listen(page);
  await openAsAdmin(page, "/admin/users");
  await ready(page);
  await search(page).fill(`@${company}`);
  await search(page).press("Enter");
  await hear(page, "61 people found");
  await expect(search(page)).toBeFocused();
  await heard(page);

  await page.getByRole("link", { name: "Next page" }).press("Enter");
  await hear(page, "61 people found");
  await expect(main(page)).toBeFocused();
  expect(await page.evaluate(() => window.scrollY)).toBe(0);

  await page.goto(`/admin/users?q=%40${company}&paid=yes`);
  await ready(page);
  // The browser tells that a document was opened, and a screen reader reads it.
  expect(await heardInTheEnd(page)).not.toContainEqual(expect.stringContaining("found"));
  await page.getByRole("link", { name: /Remove the filter .*Paid/ }).press("Enter");
  await hear(page, "61 people found");
  await expect(page.getByRole("link", { name: "Reset all" })).toBeFocused();

  await page.goto("/admin/audit");
  await ready(page);
  const filter = main(page).getByRole("search");
  await filter.locator("input[name=target]").fill("2147483647");
  await filter.getByRole("button").press("Enter");
  await hear(page, "No such changes");
  // The form is rendered again, to follow the address.
  await expect(filter.getByRole("button")).toBeFocused();
});

test("a part of a person's history that is turned over has the focus, also where no further part is left", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const { users } = await makePeople(stack, [{ firstName: "Vera" }]);
  const userId = users[0]?.id ?? 0;
  const change = { userId, actorKind: "BITRIX24" as const, actorId: null, origin: "portal" };
  await stack.db.paymentChange.createMany({
    data: Array.from({ length: 65 }, (_, index) => ({
      ...change,
      isPaid: index % 2 === 0,
      createdAt: new Date(Date.now() - index * 60_000),
    })),
  });
  await openAsAdmin(page, `/admin/users/${userId}`);
  await ready(page);
  const history = main(page).locator("#timeline");
  const older = history.getByRole("link", { name: "Earlier events" });
  for (const part of [2, 3]) {
    const before = page.url();
    await older.press("Enter");
    await expect(page, `part ${part}`).not.toHaveURL(before);
    await expect(history).toBeFocused();
  }
  await expect(older).toHaveCount(0);
});

test("a saved change is told once, and a wrong field is focused also where it was folded away", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const slug = `focus-${crypto.randomUUID().slice(0, 8)}`;
  const { id } = await stack.db.form.create({ data: { slug, name: slug, definition: {} } });
  await listen(page);
  await openAsAdmin(page, `/admin/settings/forms/${id}`);
  await ready(page);
  const check = page.getByRole("button", { name: "Check and show what changes" });
  await page.getByRole("textbox", { name: "Heading, English" }).fill("A book");
  await check.click();
  await page.getByRole("button", { name: "Save" }).click();
  await hear(page, "The form was changed.");
  expect(await heardInTheEnd(page)).not.toContainEqual(expect.stringContaining("Saved"));

  const words = main(page).locator("details", { hasText: "Label of your own" }).first();
  const label = words.getByRole("textbox").first();
  await words.locator("summary").click();
  await label.fill("x".repeat(1000));
  await check.click();
  await expect(label).toBeFocused();
  await words.locator("summary").click();
  await check.click();
  await expect(label).toBeFocused();
  expect(await label.getAttribute("tabindex")).toBeNull();
  await stack.db.formChange.deleteMany({ where: { formId: id } });
  await stack.db.form.delete({ where: { id } });
});

test("a form's answer has the focus where it is about something, and is read out otherwise", {
  tag: ["@stack", "@desktop"],
}, async ({ page }) => {
  await listen(page);
  await openAsAdmin(page, "/admin/tokens");
  await ready(page);
  const form = main(page).locator("form", { has: page.getByLabel("Name") });
  const submit = form.getByRole("button");
  await form.locator("input[name=name]").fill("Shop");
  for (const box of await form.getByRole("checkbox").all()) await box.uncheck();
  await submit.click();
  await expect(form.locator("[aria-invalid=true]").first()).toBeFocused();
  expect(await heardInTheEnd(page)).not.toContainEqual(expect.stringContaining("no tokens"));

  await form.getByRole("checkbox").first().check();
  await submit.click();
  const made = main(page).getByRole("heading", { name: /Shop/ });
  await expect(made).toBeFocused();

  await main(page)
    .getByRole("link", { name: /Revoke.*Shop/ })
    .first()
    .press("Enter");
  const question = main(page).locator("[data-question]");
  await expect(question).toBeFocused();
  await heard(page);
  await main(page).locator("button[name=revoke]").press("Enter");
  await expect(question).toHaveCount(0);
  await hear(page, "Shop");
  await expect(main(page)).toBeFocused();
});

test("an error that is about no field has the focus, each time that it is answered", {
  tag: ["@stack", "@desktop"],
}, async ({ page }) => {
  await page.goto("/login");
  await ready(page);
  const submit = main(page).getByRole("button", { name: "Sign in" });
  await main(page).getByLabel("E-mail").fill(`${crypto.randomUUID()}@example.com`);
  await main(page).getByLabel("Password").fill("wrong password");
  for (const attempt of ["first", "second"]) {
    await submit.press("Enter");
    await expect(main(page).getByRole("alert"), attempt).toBeFocused();
  }

  // On a slow line a person goes on typing before the answer is there.
  await page.reload();
  await ready(page);
  const password = main(page).getByLabel("Password");
  await main(page).getByLabel("E-mail").fill(`${crypto.randomUUID()}@example.com`);
  await password.fill("wrong password");
  await page.route("**/login.data*", async (route) => {
    await page.keyboard.type(" or not");
    await route.continue();
  });
  await password.press("Enter");
  await expect(main(page).getByRole("alert")).toBeVisible();
  await page.keyboard.type("?");
  await expect(password).toBeFocused();
  await expect(password).toHaveValue("wrong password or not?");
});

test("a payment is told once, and a button that goes by itself leaves the focus to its part of the page", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const { users } = await makePeople(stack, [{ firstName: "Vera", crmState: "PENDING" }]);
  const id = users[0]?.id ?? 0;
  await listen(page);
  await openAsAdmin(page, `/admin/users/${id}`);
  await ready(page);
  await heard(page);
  await main(page).getByRole("button", { name: "Mark as paid" }).press("Enter");
  await expect(main(page).getByRole("button", { name: "Mark as not paid" })).toBeFocused();
  await hear(page, "Vera: marked as paid.");
  expect((await heardInTheEnd(page)).filter((text) => /paid/i.test(text))).toHaveLength(1);

  const again = main(page).getByRole("button", { name: "Send again" });
  await again.focus();
  await stack.db.user.update({ where: { id }, data: { crmState: "SYNCED", crmSyncedAt: new Date() } });
  await expect(again).toHaveCount(0);
  await expect(main(page).getByRole("heading", { name: "Bitrix24" })).toBeFocused();
});

test("a row that is gone leaves the focus to the row in its place", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { email } = await register(page);
  const { id: userId } = await stack.db.user.findUniqueOrThrow({ where: { email } });
  const sessions = [1, 2, 3].map((hours) => ({
    id: `${userId}-${hours}`,
    lastSeenAt: new Date(Date.now() - hours * 3_600_000),
  }));
  const expiresAt = new Date(Date.now() + 86_400_000);
  await stack.db.session.createMany({ data: sessions.map((session) => ({ ...session, userId, expiresAt })) });
  await page.goto("/account");
  await ready(page);
  const end = (hours: number) => main(page).locator(`button[name=end][value="${userId}-${hours}"]`);
  await end(2).press("Enter");
  await expect(end(2)).toHaveCount(0);
  await expect(end(3)).toBeFocused();
  await end(3).press("Enter");
  await expect(end(3)).toHaveCount(0);
  await expect(end(1)).toBeFocused();
});

test("figures that change by themselves leave the focus and the ears alone", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const fail = () => makePeople(stack, [{ crmState: "FAILED", crmError: "CRM_FIELD_ERROR", crmAttempts: 8 }]);
  // With an empty list it would be read out that there are none.
  await fail();
  await listen(page);
  await openAsAdmin(page, "/admin/crm");
  await page.reload();
  await ready(page);
  const tab = main(page).locator('nav a[href="/admin/crm?list=failed"]');
  await tab.press("Enter");
  await expect(page).toHaveURL(/list=failed/);
  await expect(main(page).locator("[data-freshness=current]")).toBeVisible();
  await expect(tab).toBeFocused();
  await heard(page);
  const failed = tab.locator("span");
  const before = Number(await failed.textContent());
  await fail();
  await expect.poll(async () => Number(await failed.textContent())).toBeGreaterThan(before);
  await expect(tab).toBeFocused();
  // Whether the queue runs and the site answers may be read out meanwhile; the numbers are not.
  expect((await heard(page)).join(" ")).not.toMatch(/\d/);

  // A row that goes meanwhile leaves the focus to the row in its place, of which no button is pressed by mistake.
  const { users } = await fail();
  const box = main(page).locator(`input[name=id][value="${users[0]?.id}"]`);
  await page.setViewportSize({ width: 1280, height: 300 });
  await box.focus();
  // Read meanwhile is another part of the page.
  await page.evaluate(() => window.scrollTo(0, 0));
  expect((await box.boundingBox())?.y).toBeGreaterThan(300);
  await stack.db.user.update({ where: { id: users[0]?.id ?? 0 }, data: { crmState: "SYNCED" } });
  await expect(box).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.matches("main li"))).toBe(true);
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
});
