import { makePeople, openAsAdmin } from "./admin-people";
import { administrator, expect, test } from "./fixtures";
import { register } from "./people";
import type { Stack } from "./stack";
import { accessibilityViolations } from "./violations";

test.use({ locale: "en-US" });

/** As if the administrator had signed in a quarter of an hour ago. */
const forgetPassword = ({ db }: Stack) =>
  db.session.updateMany({ data: { confirmedAt: new Date(Date.now() - 15 * 60_000) } });

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", {
    tag: javaScriptEnabled ? "@stack" : ["@stack", "@desktop"],
  }, () => {
    test.use({ javaScriptEnabled });

    test("a token is made only after the password was given again, and as it was asked for", async ({
      page,
      stack,
    }) => {
      const name = `Asked ${crypto.randomUUID()}`;
      await openAsAdmin(page, "/admin/tokens");
      await forgetPassword(stack);
      await page.getByLabel("Name").fill(name);
      await page.getByLabel("Change payments").uncheck();
      await page.getByRole("button", { name: "Create the token" }).click();

      await expect(page.getByRole("heading", { name: "Confirm your password" })).toBeVisible();
      expect(await stack.db.apiToken.count({ where: { name } })).toBe(0);
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByLabel("Password").fill("wrong password");
      await page.getByRole("button", { name: "Continue" }).click();
      await expect(page.getByRole("alert")).toHaveText("Wrong password.");
      await page.getByLabel("Password").fill(administrator.password);
      await page.getByRole("button", { name: "Continue" }).click();

      await expect(page.locator("[data-token]")).toBeVisible();
      const row = await stack.db.apiToken.findFirstOrThrow({ where: { name } });
      expect(row.scopes).toEqual(["read", "registrations", "register"]);
    });

    test("payments of many are changed only after the password was given again", async ({ page, stack }) => {
      const { list, users } = await makePeople(stack, [{}, {}]);
      await openAsAdmin(page, `${list.replace("?", "/bulk?")}&all=1&mark=paid`);
      await forgetPassword(stack);
      // By its name: the address changes before the page for signing in has given way.
      await page.getByRole("button", { name: "Yes, mark 2 people as paid" }).click();
      await expect(page.getByRole("heading", { name: "Confirm your password" })).toBeVisible();
      const ids = users.map(({ id }) => id);
      expect(await stack.db.user.count({ where: { id: { in: ids }, isPaid: true } })).toBe(0);
      await page.getByLabel("Password").fill(administrator.password);
      await page.getByRole("button", { name: "Continue" }).click();
      await expect.poll(() => stack.db.user.count({ where: { id: { in: ids }, isPaid: true } })).toBe(2);
    });

    test("another e-mail is asked for only after the password was given again", async ({ page, stack, mails }) => {
      const person = await register(page);
      const email = `next-${person.email}`;
      await page.goto("/account/data");
      await forgetPassword(stack);
      await page.getByLabel("New e-mail").fill(email);
      await page.getByRole("button", { name: "Send the link" }).click();
      await expect(page.getByRole("heading", { name: "Confirm your password" })).toBeVisible();
      await page.getByLabel("Password").fill(person.password);
      await page.getByRole("button", { name: "Continue" }).click();
      await expect(page.getByText("A link and a code are on their way")).toBeVisible();
      expect((await mails(email)).link).toContain("/confirm/");
    });

    test("an export is given only after the password was given again", async ({ page, stack }) => {
      const { list } = await makePeople(stack, [{}]);
      await openAsAdmin(page, list);
      await forgetPassword(stack);
      await page.getByRole("link", { name: "Export as CSV" }).click();
      await expect(page.getByRole("heading", { name: "Confirm your password" })).toBeVisible();
      const download = page.waitForEvent("download");
      await page.getByLabel("Password").fill(administrator.password);
      await page.getByRole("button", { name: "Continue" }).click();
      expect((await download).suggestedFilename()).toMatch(/\.csv$/);
    });
  });

test("a program in the administrator's browser cannot do it past the page", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  await openAsAdmin(page, "/admin/tokens");
  await forgetPassword(stack);
  const data = { name: `Past ${crypto.randomUUID()}` };
  const origin = new URL(stack.baseURL).origin;
  const refused = await page.request.post("/api/trpc/tokens.create", { data, headers: { origin } });
  expect(refused.status()).toBe(403);
  expect(await stack.db.apiToken.count({ where: data })).toBe(0);
});
