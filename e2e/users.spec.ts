import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { clickTwice, makePeople, openAsAdmin, openWithScript } from "./admin-people";
import { expect, test } from "./fixtures";
import { onPortal } from "./people";

const row = (name: string) => ({ hasText: new RegExp(`^\\s*${name}`) });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", {
    tag: javaScriptEnabled ? "@stack" : ["@stack", "@desktop"],
  }, () => {
    test.use({ javaScriptEnabled });

    test("a person is found by a part of the name and by a phone in any usual spelling", async ({ page, stack }) => {
      const { company, users } = await makePeople(stack, [
        { firstName: "Ёлка", lastName: "Ивановская", phone: "+79161234567" },
        {},
      ]);
      await openAsAdmin(page, "/admin/users");

      for (const q of [`ИВАНОВСК ${company}`, `8 (916) 123-45-67 ${company}`]) {
        // From the list of all: what the search before has found would look like the answer to this one.
        await page.goto("/admin/users");
        await page.getByLabel("Name, e-mail or phone").fill(q);
        await page.getByRole("button", { name: "Show" }).click();
        await expect(page.getByRole("list", { name: "Registered people" }).getByRole("listitem")).toHaveCount(1);
        await expect(page.getByText("1 person found")).toBeVisible();
      }
      await page.getByRole("link", { name: "Ёлка Ивановская" }).click();
      await expect(page).toHaveURL(`/admin/users/${users[0]?.id}`);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ёлка Ивановская");
    });

    test("a payment is marked and taken back, and its history says who did it and from where", async ({
      page,
      stack,
    }) => {
      const { users } = await makePeople(stack, [{}]);
      await openAsAdmin(page, `/admin/users/${users[0]?.id}`);
      const state = page.locator("[data-paid]");

      await page.getByRole("button", { name: "Mark as paid" }).click();
      await expect(state).toHaveAttribute("data-paid", "true");
      const change = page.locator("#timeline [data-event=payment]").first();
      await expect(change).toContainText("Marked as paid");
      await expect(change).toContainText("Administrator · in the administration");

      await page.locator("#timeline").getByRole("button", { name: "Undo" }).click();
      await expect(page.getByText("The last change was undone.")).toBeVisible();
      await expect(state).toHaveAttribute("data-paid", "false");
      await expect(page.locator("#timeline [data-event=payment]").first()).toContainText("undone");
      expect(await stack.db.user.findUnique({ where: { id: users[0]?.id ?? 0 } })).toMatchObject({ isPaid: false });
    });

    test("an action on a page that is out of date is answered with what changed and by whom", async ({
      page,
      stack,
    }) => {
      const { users } = await makePeople(stack, [{}]);
      const [user] = users;
      await openAsAdmin(page, `/admin/users/${user?.id}`);
      const admin = await stack.db.user.findFirstOrThrow({ where: { role: "ADMIN" } });
      await stack.db.user.update({ where: { id: user?.id ?? 0 }, data: { isPaid: true, paidAt: new Date() } });
      await stack.db.paymentChange.create({
        data: { userId: user?.id ?? 0, isPaid: true, actorKind: "USER", actorId: admin.id, origin: "api" },
      });

      await page.getByRole("button", { name: "Mark as paid" }).click();

      const alert = page.getByRole("alert");
      await expect(alert).toContainText("This page was out of date");
      await expect(alert).toContainText("Administrator");
      await expect(alert).toContainText("it is paid now");
      await expect(page.locator("[data-paid]")).toHaveAttribute("data-paid", "true");
      await expect(page.getByRole("button", { name: "Mark as not paid" })).toBeVisible();
      expect(await stack.db.paymentChange.count({ where: { userId: user?.id ?? 0 } })).toBe(1);
    });

    test("some are selected, the confirmation names their number, and no other person is marked", async ({
      page,
      stack,
    }) => {
      const { users, list } = await makePeople(stack, [{}, {}, { isPaid: true, paidAt: new Date() }, {}]);
      await openAsAdmin(page, list);

      for (const name of ["Person 0", "Person 1", "Person 2"]) await page.getByLabel(`Select ${name}`).check();
      await page.getByRole("button", { name: "Mark as paid" }).click();
      await expect(page.getByText("Mark 2 people as paid?")).toBeVisible();
      await expect(page.getByText("1 person is already marked this way")).toBeVisible();
      await page.getByRole("button", { name: "Yes, mark 2 people as paid" }).click();
      await expect(page.getByText("Done: 2 payments were changed.")).toBeVisible();

      await page.getByRole("link", { name: "Back to the list" }).click();
      await expect(page).toHaveURL(list);
      const items = page.getByRole("list", { name: "Registered people" }).getByRole("listitem");
      await expect(items.filter({ hasText: "Not paid" })).toHaveCount(1);
      await expect(items.filter({ hasText: "Not paid" })).toContainText("Person 3");
      const audited = await stack.db.auditEntry.count({
        where: { action: "payment.bulk", targetId: { in: users.map(({ id }) => id) } },
      });
      expect(audited).toBe(2);
    });

    test("all who match are marked, also those on other pages", async ({ page, stack }) => {
      const { company, list } = await makePeople(
        stack,
        Array.from({ length: 55 }, () => ({})),
      );
      await openAsAdmin(page, list);

      await page.getByLabel("All matching people, on other pages too").check();
      await page.getByRole("button", { name: "Mark as paid" }).click();
      await page.getByRole("button", { name: "Yes, mark 55 people as paid" }).click();

      await expect(page.getByText("Done: 55 payments were changed.")).toBeVisible();
      expect(await stack.db.user.count({ where: { email: { endsWith: `@${company}` }, isPaid: true } })).toBe(55);
    });

    test("a change that empties its own filter still says what was done", async ({ page, stack }) => {
      const { list } = await makePeople(stack, [{}, {}]);
      await openAsAdmin(page, `${list}&paid=no`);
      await page.goto(`${list.replace("?", "/bulk?")}&paid=no&all=1&mark=paid`);

      await page.getByRole("button", { name: "Yes, mark 2 people as paid" }).click();

      await expect(page.getByText("Done: 2 payments were changed.")).toBeVisible();
    });

    test("pages follow one another and lead back, with the filter kept", async ({ page, stack }) => {
      const { list } = await makePeople(
        stack,
        Array.from({ length: 55 }, () => ({})),
      );
      await openAsAdmin(page, list);
      const items = page.getByRole("list", { name: "Registered people" }).getByRole("listitem");

      await expect(items).toHaveCount(50);
      await page.getByRole("link", { name: "Next page" }).click();
      await expect(items).toHaveCount(5);
      await expect(items.last()).toContainText("Person 54");
      await page.getByRole("link", { name: "Previous page" }).click();
      await expect(items).toHaveCount(50);
      await expect(items.filter(row("Person 0"))).toHaveCount(1);
    });

    test("a failed registration is sent again, and arrives once", async ({ page, stack }) => {
      const { users } = await makePeople(stack, [
        { crmState: "FAILED", crmError: "CRM_FIELD_ERROR_VALUE_NOT_VALID", crmAttempts: 8 },
      ]);
      const [user] = users;
      await openAsAdmin(page, `/admin/users/${user?.id}`);
      const state = page.locator("[data-crm-state]");
      await expect(state).toContainText("Failed");
      await expect(state).toContainText("Bitrix24 does not accept what this registration sends in a field.");

      await page.getByRole("button", { name: "Send again" }).click();

      await expect(page.getByText("The registration is queued again.")).toBeVisible();
      await expect(async () => {
        if (!javaScriptEnabled) await page.goto(`/admin/users/${user?.id}`);
        await expect(state).toHaveAttribute("data-crm-state", "synced", { timeout: 1_000 });
      }).toPass();
      const { deals, contacts, user: synced } = await onPortal(stack, { email: user?.email ?? "" });
      expect([deals.length, contacts.length]).toEqual([1, 1]);
      await expect(page.getByRole("link", { name: String(synced.bitrix24DealId), exact: true })).toHaveAttribute(
        "href",
        new RegExp(`/crm/deal/details/${synced.bitrix24DealId}/$`),
      );
      for (const told of [`Contact ${synced.bitrix24ContactId} created`, `Deal ${synced.bitrix24DealId} created`])
        await expect(page.locator("#timeline").getByText(told)).toBeVisible();
      await expect(page.getByRole("link", { name: `Open deal ${synced.bitrix24DealId}` })).toHaveAttribute(
        "href",
        new RegExp(`/crm/deal/details/${synced.bitrix24DealId}/$`),
      );
      // Methods and request ids are for support: folded, and without a script as well.
      await expect(page.locator("#log li").first()).toBeHidden();
      await page.getByText("Technical log").click();
      await expect(page.locator("#log li").first()).toBeVisible();
    });
  });
}

test("the way back from a person leads to the list as it was", { tag: "@stack" }, async ({ page, stack }) => {
  const { list } = await makePeople(
    stack,
    Array.from({ length: 55 }, () => ({})),
  );
  await openWithScript(page, `${list}&sort=oldest`);
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page).toHaveURL(/after=/);
  const left = page.url();
  await page.getByRole("link", { name: "Person 0", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Person 0");
  await page.getByRole("button", { name: "Mark as paid" }).click();
  await page.locator("#timeline").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("The last change was undone.")).toBeVisible();

  await page.getByRole("link", { name: "Back to the list" }).click();

  await expect(page).toHaveURL(left);
});

test("two clicks take one change back and complain of nothing", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { users } = await makePeople(stack, [{}]);
  await openWithScript(page, `/admin/users/${users[0]?.id}`);
  await page.getByRole("button", { name: "Mark as paid" }).click();
  await clickTwice(page, page.locator("#timeline").getByRole("button", { name: "Undo" }));
  await expect(page.getByText("The last change was undone.")).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.locator("[data-paid]")).toHaveAttribute("data-paid", "false");
});

test("a selection made with one filter does not stay for the next filter", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { list } = await makePeople(
    stack,
    Array.from({ length: 55 }, (_, index) => ({ isPaid: index === 54 })),
  );
  await openAsAdmin(page, list);
  await page.getByLabel("All matching people, on other pages too").check();
  await page.getByLabel("Payment", { exact: true }).selectOption({ label: "Not paid" });
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByText("54 people found")).toBeVisible();
  await expect(page.getByLabel("All matching people, on other pages too")).not.toBeChecked();
});

test("the filtered people are exported, formulas as text", { tag: "@stack" }, async ({ page, stack }) => {
  const { users, list } = await makePeople(stack, [{ firstName: "=1+1", lastName: "Анна; Мария" }, {}]);
  await openAsAdmin(page, list);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export as CSV" }).click(),
  ]);

  expect(download.suggestedFilename()).toMatch(/^people-\d{4}-\d\d-\d\d\.csv$/);
  const file = await readFile(await download.path());
  expect([...file.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const rows: Record<string, string>[] = parse(file, { columns: true, bom: true });
  expect(rows.map((person) => person["No."])).toEqual(users.map(({ id }) => String(id)));
  expect(rows[0]).toMatchObject({ "First name": "'=1+1", "Last name": "Анна; Мария", Payment: "Not paid" });
});

test.describe("a connection that breaks", () => {
  test.use({ expectedProblems: [/ERR_CONNECTION_RESET/] });

  test("the switch turns before the answer comes, and back when there is none", {
    tag: ["@stack", "@desktop"],
  }, async ({ page, stack }) => {
    const { users } = await makePeople(stack, [{}]);
    await openWithScript(page, `/admin/users/${users[0]?.id}`);
    const state = page.locator("[data-paid]");
    let release: (value?: unknown) => void = () => {};
    const held = new Promise((resolve) => {
      release = resolve;
    });
    await page.route("**/admin/users/*.data*", async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      await held;
      await route.abort("connectionreset");
    });

    await page.getByRole("button", { name: "Mark as paid" }).click();
    await expect(state).toHaveAttribute("data-paid", "true");
    release();

    await expect(page.getByRole("alert")).toContainText("may have been saved");
    await expect(state).toHaveAttribute("data-paid", "false");
  });
});

test.describe("a proxy that answers in the server's place", () => {
  // Remix cannot read a page where it expects data, and says so.
  test.use({ expectedProblems: [/status of 502|SyntaxError/] });

  test("the switch turns back, and the page stays", { tag: ["@stack", "@desktop"] }, async ({ page, stack }) => {
    const { users } = await makePeople(stack, [{}]);
    await openWithScript(page, `/admin/users/${users[0]?.id}`);
    await page.route("**/admin/users/*.data*", (route) =>
      route.request().method() === "POST"
        ? route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" })
        : route.continue(),
    );

    await page.getByRole("button", { name: "Mark as paid" }).click();

    await expect(page.getByRole("alert")).toContainText("may have been saved");
    await expect(page.locator("[data-paid]")).toHaveAttribute("data-paid", "false");
  });
});
