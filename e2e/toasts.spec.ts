import type { Page } from "@playwright/test";
import { makePeople, openAsAdmin, stopTime } from "./admin-people";
import { expect, test } from "./fixtures";
import { accessibilityViolations, overflow } from "./violations";

test.use({ locale: "en-US" });

const toast = (page: Page) => page.locator("[data-toast]");
const undo = (page: Page) => toast(page).getByRole("button", { name: "Undo" });

test("a payment that was marked is taken back by the message's button", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { users } = await makePeople(stack, [{ firstName: "Vera" }]);
  const id = users[0]?.id ?? 0;
  await openAsAdmin(page, `/admin/users/${id}`);
  await stopTime(page);
  await page.getByRole("button", { name: "Mark as paid" }).click();
  await expect(page.getByRole("status").filter({ has: toast(page) })).toContainText("Vera: marked as paid.");
  await undo(page).click();
  await expect(toast(page)).toContainText("Undone.");
  await expect(undo(page)).toHaveCount(0);
  await expect(page.locator("[data-paid]")).toHaveAttribute("data-paid", "false");
  await expect(page.locator("#timeline [data-event=payment]").first()).toContainText("undone");
  expect(await stack.db.user.findUnique({ where: { id } })).toMatchObject({ isPaid: false, paidAt: null });
  expect(await stack.db.auditEntry.findMany({ where: { targetId: id }, orderBy: { id: "asc" } })).toMatchObject([
    { action: "payment.set", actorKind: "USER" },
    { action: "payment.undo", actorKind: "USER" },
  ]);
});

test("what was changed meanwhile is not taken back, and the page shows it", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { users } = await makePeople(stack, [{ isPaid: true, paidAt: new Date() }]);
  const id = users[0]?.id ?? 0;
  await openAsAdmin(page, `/admin/users/${id}`);
  await stopTime(page);
  await page.getByRole("button", { name: "Mark as not paid" }).click();
  await expect(toast(page)).toContainText("marked as not paid");
  await stack.db.user.update({ where: { id }, data: { isPaid: true, paidAt: new Date() } });
  await stack.db.paymentChange.create({
    data: { userId: id, isPaid: true, actorKind: "BITRIX24", actorId: null, origin: "portal" },
  });
  await undo(page).click();
  await expect(toast(page)).toContainText("Not undone: this was changed in the meantime.");
  await expect(page.locator("[data-paid]")).toHaveAttribute("data-paid", "true");
  expect(await stack.db.user.findUnique({ where: { id } })).toMatchObject({ isPaid: true });
});

test("the message goes when the page itself has taken the change back", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { users } = await makePeople(stack, [{}]);
  await openAsAdmin(page, `/admin/users/${users[0]?.id}`);
  await stopTime(page);
  await page.getByRole("button", { name: "Mark as paid" }).click();
  await expect(toast(page)).toBeVisible();
  await page.locator("#timeline").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("The last change was undone.")).toBeVisible();
  await expect(toast(page)).toHaveCount(0);
});

test.describe("an answer that is lost", () => {
  test.use({ expectedProblems: [/ERR_CONNECTION_RESET/] });

  test("leaves the undoing to be tried again, which says that it is undone", { tag: ["@stack", "@desktop"] }, async ({
    page,
    stack,
  }) => {
    const { users } = await makePeople(stack, [{}]);
    const id = users[0]?.id ?? 0;
    await openAsAdmin(page, `/admin/users/${id}`);
    await stopTime(page);
    await page.getByRole("button", { name: "Mark as paid" }).click();
    await expect(toast(page)).toContainText("marked as paid");
    let isLost = true;
    await page.route("**/admin/users/*.data*", async (route) => {
      if (route.request().method() !== "POST" || !isLost) return route.continue();
      isLost = false;
      await route.fetch();
      await route.abort("connectionreset");
    });
    await undo(page).click();
    await expect(toast(page)).toContainText("The site did not answer. Try again.");
    expect(await stack.db.user.findUnique({ where: { id } })).toMatchObject({ isPaid: false });
    await undo(page).click();
    await expect(toast(page)).toContainText("Undone.");
    await expect(page.locator("[data-paid]")).toHaveAttribute("data-paid", "false");
    expect(await stack.db.paymentChange.count({ where: { userId: id } })).toBe(2);
  });
});

test("it goes after ten seconds, and stays while it is pointed at or has the focus", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const { users } = await makePeople(stack, [{}]);
  await openAsAdmin(page, `/admin/users/${users[0]?.id}`);
  await stopTime(page);
  await page.getByRole("button", { name: "Mark as paid" }).click();
  await toast(page).hover();
  await page.clock.runFor(60_000);
  await expect(toast(page)).toBeVisible();

  await undo(page).focus();
  await page.keyboard.press("Tab");
  await expect(toast(page).getByRole("button", { name: "Close" })).toBeFocused();
  await page.mouse.move(0, 0);
  await page.clock.runFor(60_000);
  await expect(toast(page)).toBeVisible();

  await page.getByRole("main").focus();
  await page.clock.runFor(9_000);
  await expect(toast(page)).toBeVisible();
  await page.clock.runFor(2_000);
  await expect(toast(page)).toHaveCount(0);
});

for (const javaScriptEnabled of [true, false])
  test.describe(`many at once, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () => {
    test.use({ javaScriptEnabled });

    test("the page takes a bulk change back", { tag: ["@stack", "@desktop"] }, async ({ page, stack }) => {
      const { company, list } = await makePeople(stack, [{}, {}, { isPaid: true, paidAt: new Date() }]);
      await openAsAdmin(page, list);
      await page.goto(`${list.replace("?", "/bulk?")}&all=1&mark=paid`);
      await page.getByRole("button", { name: "Yes, mark 2 people as paid" }).click();
      await expect(page.getByText("Done: 2 payments were changed.")).toBeVisible();
      await page.getByRole("main").getByRole("button", { name: "Undo" }).click();
      await expect(page.getByText("Undone for 2 people.")).toBeVisible();
      await expect(toast(page)).toHaveCount(0);
      expect(await stack.db.user.count({ where: { email: { endsWith: `@${company}` }, isPaid: true } })).toBe(1);
    });
  });

for (const javaScriptEnabled of [true, false])
  test.describe(`later, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () => {
    test.use({ javaScriptEnabled });

    test("a bulk change is taken back from its page's address, which then says so", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      const { company, users, list } = await makePeople(stack, [{}, {}, {}]);
      await openAsAdmin(page, list);
      await page.goto(`${list.replace("?", "/bulk?")}&all=1&mark=paid`);
      await page.getByRole("button", { name: "Yes, mark 3 people as paid" }).click();
      await expect(page.getByText("Done: 3 payments were changed.")).toBeVisible();
      const address = page.url();
      expect(address).not.toContain("all=1");
      await page.goto(list);
      await stack.db.paymentChange.create({
        data: { userId: users[0]?.id ?? 0, isPaid: true, actorKind: "BITRIX24", actorId: null, origin: "portal" },
      });
      await page.goto(address);
      await expect(page.getByText("Done: 3 payments were changed.")).toBeVisible();
      await expect(toast(page)).toHaveCount(0);
      await page.getByRole("main").getByRole("button", { name: "Undo" }).click();
      await expect(page.getByText("Undone for 2 people.")).toBeVisible();
      expect(await stack.db.user.count({ where: { email: { endsWith: `@${company}` }, isPaid: true } })).toBe(1);
      await page.goto(address);
      await expect(page.getByText("This change was undone.")).toBeVisible();
      await expect(page.getByRole("main").getByRole("button", { name: "Undo" })).toHaveCount(0);
      await page.getByRole("link", { name: "Back to the list" }).click();
      await expect(page).toHaveURL(list);
    });
  });

test("a bulk change is taken back from the list", { tag: ["@stack", "@desktop"] }, async ({ page, stack }) => {
  const { list } = await makePeople(stack, [{}, {}]);
  await openAsAdmin(page, list);
  await stopTime(page);
  for (const name of ["Person 0", "Person 1"]) await page.getByLabel(`Select ${name}`).check();
  await page.getByRole("button", { name: "Mark as paid" }).click();
  await page.getByRole("button", { name: "Yes, mark 2 people as paid" }).click();
  await expect(page.getByText("Done: 2 payments were changed.")).toBeVisible();
  await page.getByRole("link", { name: "Back to the list" }).click();
  await expect(toast(page)).toContainText("Marked as paid: 2 people.");
  const unpaid = page.getByRole("list", { name: "Registered people" }).getByText("Not paid");
  await expect(unpaid).toHaveCount(0);
  await undo(page).click();
  await expect(toast(page)).toContainText("Undone.");
  await expect(unpaid).toHaveCount(2);
});

test("a saved change of a form is taken back, and so is its closing", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const slug = `toast-${crypto.randomUUID().slice(0, 8)}`;
  const { id } = await stack.db.form.create({ data: { slug, name: slug, definition: {} } });
  await openAsAdmin(page, `/admin/settings/forms/${id}`);
  await stopTime(page);
  const heading = page.getByRole("textbox", { name: "Heading, English" });
  await heading.fill("A book");
  await page.getByRole("button", { name: "Check and show what changes" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ has: toast(page) })).toContainText("The form was changed.");
  await undo(page).click();
  await expect(toast(page)).toContainText("Undone.");
  await expect(page.getByRole("main").getByText("The change was undone.")).toBeVisible();
  await expect(heading).toHaveValue("");
  const [undone, made] = await stack.db.formChange.findMany({ where: { formId: id }, orderBy: { id: "desc" } });
  expect(undone?.undoes).toBe(made?.id);

  await page.getByRole("link", { name: "All forms" }).click();
  await page.getByRole("button", { name: `Close: ${slug}` }).click();
  await expect(page.getByRole("button", { name: `Open again: ${slug}` })).toBeVisible();
  await undo(page).click();
  await expect(page.getByRole("button", { name: `Close: ${slug}` })).toBeVisible();
  expect(await stack.db.form.findUnique({ where: { id } })).toMatchObject({ closedAt: null });
  await stack.db.formChange.deleteMany({ where: { formId: id } });
  await stack.db.form.delete({ where: { id } });
});

test("a change of consents is taken back by the message, whose place the history takes, and which goes from the consent's page", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const kind = `toast${crypto.randomUUID().slice(0, 8)}`;
  const words = { label: { en: kind, ru: kind }, text: { en: [kind], ru: [kind] } };
  await stack.db.consentWording.create({ data: { kind, version: "1", ...words } });
  const state = { purpose: "other", position: 900, required: false, retired: true, version: "1" };
  await stack.db.consentKind.create({ data: { key: kind, ...state } });
  const stored = async () => (await stack.db.consentKind.findUniqueOrThrow({ where: { key: kind } })).retired;
  await openAsAdmin(page, "/admin/settings/consents");
  await stopTime(page);
  const ask = page.getByRole("button", { name: `Ask again: ${kind}` });
  await ask.click();
  await expect(page.getByRole("status").filter({ has: toast(page) })).toContainText("The consents were changed.");
  await undo(page).click();
  await expect(toast(page)).toContainText("Undone.");
  await expect(page.getByRole("main").getByText("The change was undone.")).toBeVisible();
  await expect(ask).toBeVisible();
  expect(await stored()).toBe(true);

  await ask.click();
  await expect(undo(page)).toBeVisible();
  await page.getByRole("list", { name: "Changes" }).getByRole("button", { name: "Undo" }).first().click();
  await expect(ask).toBeVisible();
  await expect(toast(page)).toHaveCount(0);
  expect(await stored()).toBe(true);

  // The message of an addition would take the consent's own page away under what is typed there.
  await ask.click();
  await expect(undo(page)).toBeVisible();
  // Other specs use the form meanwhile.
  await stack.db.consentKind.update({ where: { key: kind }, data: { retired: true } });
  await page.getByRole("link", { name: `Edit: ${kind}` }).click();
  await expect(page.getByLabel("Text beside the box, in English")).toHaveValue(kind);
  await expect(toast(page)).toHaveCount(0);
  // That of what is saved there stays.
  await page.getByLabel("Text beside the box, in English").fill(`${kind} anew`);
  await page.getByRole("button", { name: "Check and show" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await undo(page).click();
  await expect(toast(page)).toContainText("Undone.");
  await expect(page.getByLabel("Text beside the box, in English")).toHaveValue(kind);

  // A colleague takes the consent's addition back while its page is open.
  await page.getByLabel("Text beside the box, in English").fill(`${kind} typed`);
  await stack.db.consentKind.delete({ where: { key: kind } });
  const changes = { [kind]: { from: state, to: null } };
  await stack.db.consentChange.create({ data: { actorKind: "SYSTEM", changes } });
  await page.getByRole("button", { name: "Check and show" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was saved. This consent is no longer there");
  await expect(page.getByText(`${kind} typed`)).toBeVisible();
  await page.getByRole("link", { name: "All consents" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Consents" })).toBeVisible();
});

for (const locale of ["en-US", "ru-RU"] as const)
  for (const colorScheme of ["light", "dark"] as const)
    test.describe(`${locale}, ${colorScheme}`, () => {
      test.use({ locale, colorScheme });

      test("a message has no accessibility violations, and fits on a phone", {
        tag: ["@stack", "@desktop"],
      }, async ({ page, stack }) => {
        const { users } = await makePeople(stack, [{ firstName: "Александра-Мария", lastName: "Константинопольская" }]);
        await openAsAdmin(page, `/admin/users/${users[0]?.id}`);
        await stopTime(page);
        await page.setViewportSize({ width: 320, height: 640 });
        await page.locator("[data-paid]").getByRole("button").press("Enter");
        // It stays from here on, since it has the focus by keyboard; the rules are checked with a clock that goes.
        await toast(page).getByRole("button").first().focus();
        await page.clock.resume();
        expect(await accessibilityViolations(page)).toEqual([]);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await expect(toast(page)).toHaveCount(0);
        await expect(page.getByRole("main")).toBeFocused();
      });
    });
