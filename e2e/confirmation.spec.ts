import { openAsAdmin } from "./admin-people";
import { expect, test } from "./fixtures";
import { fillRegistration, newPerson, register, sendRegistration, signIn } from "./people";
import { accessibilityViolations } from "./violations";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", {
    tag: javaScriptEnabled ? "@stack" : ["@stack", "@desktop"],
  }, () => {
    test.use({ javaScriptEnabled });

    test("the mailed link confirms the address, on whatever device it is opened", async ({ page, browser, mails }) => {
      const person = await register(page);
      await expect(page.getByText("Please confirm your e-mail")).toBeVisible();
      const { link } = await mails(person.email);

      const elsewhere = await browser.newContext({ locale: "en-US", javaScriptEnabled });
      const other = await elsewhere.newPage();
      await other.goto(link);
      await expect(other.getByText(person.email)).toBeVisible();
      await other.getByRole("button", { name: "Yes, it was me: confirm" }).click();
      await expect(other).toHaveURL(/\/login\?confirmed$/);
      await expect(other.getByRole("status")).toHaveText("Your e-mail is confirmed. You can sign in with it.");
      await other.goto(link);
      await expect(other.getByRole("heading", { level: 1 })).toHaveText(
        "This link has expired or has already been used",
      );
      await elsewhere.close();

      await page.goto("/account");
      await expect(page.getByText("Please confirm your e-mail")).toHaveCount(0);
      await expect(page.getByText("confirmed", { exact: true })).toBeVisible();
    });

    test("the code confirms as the link does, if the mail is read on another device; a wrong code is reported", async ({
      page,
      mails,
    }) => {
      const person = await register(page);
      const { code } = await mails(person.email);
      await page.getByRole("link", { name: "Enter the code or get a new e-mail" }).click();
      await page.getByLabel("Code from the e-mail").fill(code === "000000" ? "000001" : "000000");
      await page.getByRole("button", { name: "Confirm", exact: true }).click();
      await expect(page.getByRole("alert")).toContainText("Wrong code.");

      await page.getByLabel("Code from the e-mail").fill(code);
      await page.getByRole("button", { name: "Confirm", exact: true }).click();
      await expect(page).toHaveURL("/account?confirmed");
      await expect(page.getByText("Your e-mail is confirmed.")).toBeVisible();
    });
  });
}

test("a new mail ends the earlier code, and the fourth mail within the hour is refused with a message", {
  tag: ["@stack", "@desktop"],
}, async ({ page, mails }) => {
  const person = await register(page);
  const first = await mails(person.email);
  await page.goto("/account/confirm");
  for (const number of [2, 3, 4]) {
    await page.getByRole("button", { name: "Send another e-mail" }).click();
    await expect(page.getByText("A new e-mail is on its way.")).toBeVisible();
    await mails(person.email, number);
    await page.goto("/account/confirm");
  }
  await page.getByRole("button", { name: "Send another e-mail" }).click();
  await expect(page.getByRole("alert")).toContainText("There have been too many attempts within the last hour.");

  await page.goto(first.link);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link has expired or has already been used");
  await page.goto("/account/confirm");
  await page.getByLabel("Code from the e-mail").fill((await mails(person.email, 4)).code);
  await page.getByRole("button", { name: "Confirm", exact: true }).click();
  await expect(page).toHaveURL("/account?confirmed");
});

test("administrators see who has confirmed and list those who have not", { tag: ["@stack", "@desktop"] }, async ({
  page,
  context,
  mails,
}) => {
  const first = await register(page);
  await page.goto((await mails(first.email)).link);
  await page.getByRole("button", { name: "Yes, it was me: confirm" }).click();
  await expect(page).toHaveURL("/account?confirmed");
  await context.clearCookies();
  const second = await register(page);
  await context.clearCookies();

  for (const [confirmed, name] of [
    ["Confirmed", first.email],
    ["Not confirmed", second.email],
  ] as const) {
    await openAsAdmin(page, "/admin/users");
    await page.getByLabel("Name, e-mail or phone").fill(name);
    await page.getByText("More filters").click();
    await page.getByLabel("E-mail", { exact: true }).selectOption(confirmed);
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await expect(page.getByText("1 person found")).toBeVisible();
    await page.getByRole("main").getByRole("link", { name: /О'Нил/ }).click();
    await expect(page.getByText(confirmed.toLowerCase(), { exact: true })).toBeVisible();
    await context.clearCookies();
  }
});

test("the page of a link that means nothing has no accessibility violations", { tag: "@stack" }, async ({ page }) => {
  await page.goto("/confirm/unknown");
  expect(await accessibilityViolations(page)).toEqual([]);
});

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", { tag: ["@stack", "@desktop"] }, () => {
    test.use({ javaScriptEnabled });

    test("the owner of an address takes it back from a stranger who registered with it", async ({
      page,
      browser,
      baseURL,
      mails,
      stack,
    }) => {
      const stranger = await register(page);
      const strangers = await stack.db.user.findUniqueOrThrow({ where: { email: stranger.email } });

      const own = await browser.newContext({ baseURL: String(baseURL), locale: "en-US", javaScriptEnabled });
      const owner = await own.newPage();
      await owner.goto("/register");
      const person = { ...newPerson(), firstName: "Ольга", email: stranger.email, password: "of the real owner" };
      await fillRegistration(owner, person);
      await sendRegistration(owner);
      await expect(owner.getByText(`${stranger.email} is already registered. Was it you?`)).toBeVisible();
      await owner.getByRole("button", { name: "Send a link to this e-mail" }).click();
      await expect(owner.getByRole("status")).toContainText("a link is on its way");

      // The first mail asked the stranger's registration to be confirmed.
      const { link } = await mails(stranger.email, 2);
      await owner.goto(link);
      await owner.getByRole("button", { name: "No, it was not me: remove it" }).click();
      await expect(owner).toHaveURL("/register?yours");
      await expect(owner.getByLabel("E-mail")).toHaveValue(stranger.email);
      await fillRegistration(owner, person);
      await sendRegistration(owner);
      await expect(owner).toHaveURL("/account");
      await expect(owner.getByText("confirmed", { exact: true })).toBeVisible();
      // The whole number: a part of it may be in the owner's own by chance.
      await expect(owner.getByText(`+7${stranger.phone.slice(2)}`)).toHaveCount(0);
      await expect(owner.getByText(`+7${person.phone.slice(2)}`)).toBeVisible();

      // The stranger is signed out, and their password opens nothing.
      await page.goto("/account");
      await expect(page).toHaveURL("/login?redirectTo=%2Faccount");
      await signIn(page, stranger);
      await expect(page.getByRole("alert")).toHaveText("This e-mail and password do not match.");
      await expect
        .poll(async () => (await stack.db.erasure.findUniqueOrThrow({ where: { userId: strangers.id } })).state)
        .toBe("done");
      const contacts = JSON.stringify(
        [...stack.portal.contacts.values()].filter(({ originId }) => originId === `user-${strangers.id}`),
      );
      expect(contacts).not.toContain(stranger.firstName);
      await own.close();
    });
  });
