import { readFile } from "node:fs/promises";
import { openAsAdmin } from "./admin-people";
import { administrator, expect, test } from "./fixtures";
import { onPortal, register, signIn } from "./people";
import { accessibilityViolations } from "./violations";

test("a person downloads what is kept of them, and it is what the page shows", { tag: "@stack" }, async ({
  page,
  stack,
}) => {
  const person = await register(page);
  await page.goto("/account/data");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download my data" }).click();
  const copy = JSON.parse(await readFile(await (await download).path(), "utf8"));

  const shown = page.locator("#details");
  await expect(shown).toContainText(copy.person.email);
  await expect(shown).toContainText(copy.person.phone);
  await expect(shown).toContainText(`${copy.person.firstName} ${copy.person.lastName}`);
  expect(copy.person).toMatchObject({ email: person.email, firstName: person.firstName, lastName: person.lastName });
  expect(copy.consents).toHaveLength(1);
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
  await page.getByText(`version of ${day.format(new Date(copy.consents[0].version))}`).click();
  for (const paragraph of copy.consents[0].text) await expect(page.getByText(paragraph)).toBeVisible();
  expect(copy.sessions).toHaveLength(1);
  // The portal's numbers are nothing of the person's.
  await expect.poll(async () => (await onPortal(stack, person)).user.bitrix24DealId).not.toBeNull();
  const again = await (await page.request.get("/account/data.json")).json();
  expect(JSON.stringify(again)).not.toContain("bitrix24");
});

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", { tag: ["@stack", "@desktop"] }, () => {
    test.use({ javaScriptEnabled });

    test("a person corrects name, phone, e-mail and password, and the CRM follows", async ({ page, mails, stack }) => {
      const person = await register(page);
      await expect.poll(async () => (await onPortal(stack, person)).user.crmState).toBe("SYNCED");
      const [contact] = (await onPortal(stack, person)).contacts;
      await page.goto("/account/data");
      await page.getByLabel("First name").fill("Мария");
      await page.getByLabel("Phone").fill("12");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await expect(page.getByLabel("Phone")).toHaveAccessibleDescription(/cannot recognise this number/);
      await expect(page.getByLabel("First name")).toHaveValue("Мария");
      await page.getByLabel("Phone").fill("8 912 000-11-22");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await expect(page.getByText("Saved.")).toBeVisible();
      await expect(page.locator("#details")).toContainText("+79120001122");
      const inCrm = () => {
        const { name, fm } = stack.portal.contacts.get(contact?.id ?? 0) ?? {};
        return [name, ...(fm ?? []).map(({ value }) => value)];
      };
      await expect.poll(inCrm).toEqual(["Мария", person.email, "+79120001122"]);

      const next = `next-${person.email}`;
      await page.getByLabel("New e-mail").fill(next);
      await page.getByRole("button", { name: "Send the link" }).click();
      await expect(page.getByText("A link and a code are on their way")).toBeVisible();
      await expect(page.locator("#details")).toContainText(person.email);
      await page.goto((await mails(next)).link);
      await page.getByRole("button", { name: "Confirm the new e-mail" }).click();
      await expect(page).toHaveURL("/account?confirmed");
      await expect(page.getByText(next)).toBeVisible();
      await expect.poll(inCrm).toEqual(["Мария", next, "+79120001122"]);
      expect((await mails(person.email, 2)).subject).toMatch(/e-mail was changed|Почта изменена/);

      await page.goto("/account/data");
      await page.getByLabel("Current password").fill("not this one");
      await page.getByLabel("New password").fill("quite another phrase");
      await page.getByRole("button", { name: "Change the password" }).click();
      await expect(page.getByLabel("Current password")).toHaveAccessibleDescription("Wrong password.");
      await page.getByLabel("Current password").fill(person.password);
      await page.getByLabel("New password").fill("quite another phrase");
      await page.getByRole("button", { name: "Change the password" }).click();
      await expect(page.getByText("Your password was changed.")).toBeVisible();
      await page.getByRole("button", { name: "Sign out", exact: true }).click();
      await expect(page).toHaveURL("/");
      await page.goto("/login");
      await signIn(page, { email: next, password: "quite another phrase" });
      await expect(page).toHaveURL("/account");
    });

    test("a person withdraws the consent and gives it again, and administrators see it", async ({
      page,
      context,
      stack,
    }) => {
      const person = await register(page);
      const { id } = await stack.db.user.findUniqueOrThrow({ where: { email: person.email } });
      await page.goto("/account/data");
      await expect(page.getByText("After 30 days all your data is erased")).toBeVisible();
      await page.getByRole("button", { name: "Withdraw my consent" }).click();
      await expect(page.getByText("Your consent is withdrawn.")).toBeVisible();

      await context.clearCookies();
      await openAsAdmin(page, "/admin/rights");
      await page.getByRole("link", { name: `Person ${id}`, exact: true }).click();
      await expect(page.getByText("Consent withdrawn:")).toBeVisible();

      await context.clearCookies();
      await page.goto("/login?redirectTo=/account/data");
      await signIn(page, person);
      await page.getByRole("button", { name: "Give my consent again" }).click();
      await expect(page.getByText("your consent is recorded")).toBeVisible();
      await expect(page.getByRole("button", { name: "Withdraw my consent" })).toBeVisible();
    });
  });

test("what is typed stays when only the state changes, and never undoes what was changed meanwhile", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const person = await register(page);
  const where = { email: person.email };
  await page.goto("/account/data");
  await page.getByLabel("Company").fill("Рога и копыта");
  await stack.db.user.update({ where, data: { emailConfirmedAt: new Date(), lastName: "Новикова" } });
  await page.getByRole("button", { name: "Withdraw my consent" }).click();
  await expect(page.getByText("Your consent is withdrawn.")).toBeVisible();
  await expect(page.locator("#details")).toContainText("Новикова");
  await expect(page.getByLabel("Company")).toHaveValue("Рога и копыта");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await expect(page.getByLabel("Last name")).toHaveValue("Новикова");
  expect(await stack.db.user.findUniqueOrThrow({ where })).toMatchObject({
    company: "Рога и копыта",
    lastName: "Новикова",
  });
});

test("a person erases everything while the portal is away, which follows once it is back", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const person = await register(page);
  await expect(page.locator("[data-crm-state=synced]")).toBeVisible();
  const { user } = await onPortal(stack, person);
  const recover = stack.portal.fail({ kind: "502" });

  await page.goto("/account/data");
  await page.getByLabel("Your password").fill("not this one");
  await page.getByRole("button", { name: "Erase all my data" }).click();
  await expect(page.getByLabel("Your password")).toHaveAccessibleDescription("Wrong password.");
  await page.getByLabel("Your password").fill(person.password);
  await page.getByRole("button", { name: "Erase all my data" }).click();
  await expect(page).toHaveURL("/erased");
  await page.goto("/account");
  await expect(page).toHaveURL("/login?redirectTo=%2Faccount");
  await signIn(page, person);
  await expect(page.getByRole("alert")).toHaveText("This e-mail and password do not match.");

  await openAsAdmin(page, `/admin/rights/${user.id}`);
  await expect(page.locator("[data-erasure=pending]")).toContainText("Not done in Bitrix24 yet");
  expect(JSON.stringify([...stack.portal.contacts.values()])).toContain(person.email);
  recover();
  await expect(page.locator("[data-erasure=done]")).toBeVisible();
  const held = JSON.stringify([...stack.portal.contacts.values(), ...stack.portal.deals.values()]);
  expect(held).not.toContain(person.email);

  // The address is free.
  await page.context().clearCookies();
  expect(await stack.db.user.count({ where: { email: person.email } })).toBe(0);
});

test("an administrator sees what became of a change in the CRM, and why an erasing is turned down there", {
  tag: ["@stack", "@desktop"],
}, async ({ page, context, stack }) => {
  const person = await register(page);
  await expect(page.locator("[data-crm-state=synced]")).toBeVisible();
  const { user } = await onPortal(stack, person);
  await context.clearCookies();
  await openAsAdmin(page, `/admin/users/${user.id}/rights`);
  await expect(page.locator("#email")).toContainText("The person's current e-mail stays until that link is opened.");
  await page.getByLabel("First name").fill("Мария");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  const correction = () => stack.db.crmCorrection.findUnique({ where: { userId: user.id } });
  await expect.poll(async () => (await correction())?.state).toBe("done");
  expect(stack.portal.contacts.get(user.bitrix24ContactId ?? 0)?.name).toBe("Мария");
  await page.goto(`/admin/users/${user.id}`);
  await expect(page.locator("[data-correction=done]")).toContainText("The last change is in Bitrix24.");

  const recover = stack.portal.fail({ kind: "command", method: "crm.item.update", code: "ACCESS_DENIED" });
  await page.getByRole("link", { name: "Copy, consents, erase" }).click();
  await page.getByText("Erase this person's data").click();
  await page.getByRole("button", { name: `Erase person ${user.id},` }).click();
  await expect(page).toHaveURL(`/admin/rights/${user.id}`);
  await expect(page.getByRole("heading", { name: "Bitrix24 refuses the erasure" })).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.getByText("Delete in Bitrix24 instead").click();
  await page.getByRole("button", { name: `Delete the records of person ${user.id}` }).click();
  await expect(page.locator("[data-erasure=done]")).toBeVisible();
  expect(stack.portal.deals.has(user.bitrix24DealId ?? 0)).toBe(false);
  recover();
});

test("an administrator erases a person with the password given again, and finds the payments kept", {
  tag: ["@stack", "@desktop"],
}, async ({ page, context, stack }) => {
  const person = await register(page);
  const { id } = await stack.db.user.findUniqueOrThrow({ where: { email: person.email } });
  await context.clearCookies();
  await openAsAdmin(page, `/admin/users/${id}`);
  await page.getByRole("link", { name: "Copy, consents, erase" }).click();
  await stack.db.session.updateMany({ data: { confirmedAt: new Date(Date.now() - 15 * 60_000) } });
  await page.getByText("Erase this person's data").click();
  await page.getByRole("button", { name: `Erase person ${id},` }).click();
  await expect(page.getByRole("heading", { name: "Confirm your password" })).toBeVisible();
  expect((await stack.db.user.findUniqueOrThrow({ where: { id } })).erasedAt).toBeNull();
  await page.getByLabel("Password").fill(administrator.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page).toHaveURL(`/admin/rights/${id}`);
  await expect(page.getByText("Personal data is no longer kept")).toBeVisible();
  const history = page.getByRole("list", { name: "History" }).getByRole("listitem");
  await expect(history.filter({ hasText: "Erased a person" })).toContainText("Administrator");
  await expect(history.last()).toContainText("Record created");
  await page.goto(`/admin/users/${id}`);
  await expect(page).toHaveURL(`/admin/rights/${id}`);
});
