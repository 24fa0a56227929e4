import { randomBytes } from "node:crypto";
import { tokenHash } from "../server/platform/token-hash";
import { administrator, expect, test } from "./fixtures";
import { register, signIn } from "./people";
import { accessibilityViolations } from "./violations";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", {
    tag: javaScriptEnabled ? [] : "@desktop",
  }, () => {
    test.use({ javaScriptEnabled });

    test("a guest who opens the account signs in and comes back to it; signing out ends it", async ({ page }) => {
      const person = await register(page);
      await page.getByRole("button", { name: "Sign out", exact: true }).click();
      await expect(page).toHaveURL("/");

      await page.goto("/account?from=mail");
      await expect(page).toHaveURL("/login?redirectTo=%2Faccount%3Ffrom%3Dmail");
      await signIn(page, person);
      await expect(page).toHaveURL("/account?from=mail");
      await expect(page.getByText(person.email)).toBeVisible();
    });

    test("a wrong password is refused without saying which of the two was wrong", async ({ page, context }) => {
      const person = await register(page);
      await context.clearCookies();
      for (const email of [person.email, "nobody@example.com"]) {
        await page.goto("/login");
        await signIn(page, { email, password: "wrong password" });
        await expect(page.getByRole("alert")).toHaveText("This e-mail and password do not match.");
        await expect(page.getByLabel("E-mail")).toHaveValue(email);
      }
    });

    test("a person sees where they are signed in and ends another session", async ({ page, browser, baseURL }) => {
      const person = await register(page);
      const elsewhere = await browser.newContext({ baseURL: String(baseURL), locale: "en-US", userAgent: "Firefox/1" });
      const other = await elsewhere.newPage();
      await other.goto("/login");
      await signIn(other, person);
      await expect(other).toHaveURL("/account");

      await page.goto("/account");
      await expect(page.getByText("Firefox · 127.0.0.1")).toBeVisible();
      await page.getByRole("button", { name: "Sign out: Firefox" }).click();
      await expect(page.getByRole("button", { name: /Sign out:/ })).toHaveCount(0);
      await other.goto("/account");
      await expect(other).toHaveURL("/login?redirectTo=%2Faccount");
      await elsewhere.close();
    });
  });
}

test("signing out everywhere ends this session too", { tag: "@desktop" }, async ({ page }) => {
  await register(page);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page).toHaveURL("/login");
  await page.goto("/account");
  await expect(page).toHaveURL("/login?redirectTo=%2Faccount");
});

for (const redirectTo of ["https://evil.example/", "//evil.example", "/\\evil.example"]) {
  test(`signing in leads to no foreign host: ${redirectTo}`, { tag: "@desktop" }, async ({
    page,
    context,
    baseURL,
  }) => {
    const person = await register(page);
    await context.clearCookies();
    await page.goto(`/login?redirectTo=${encodeURIComponent(redirectTo)}`);
    await signIn(page, person);
    await expect(page).toHaveURL(`${baseURL}/account`);
  });
}

test("an administrator has the menu of the administration, a person has not", { tag: "@stack" }, async ({
  page,
  context,
}) => {
  await register(page);
  await expect(page.getByRole("navigation", { name: "Administration" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Administration" })).toHaveCount(0);
  await context.clearCookies();
  await page.goto("/login");
  await signIn(page, administrator);
  await page.getByRole("link", { name: "Administration" }).click();
  await expect(page.getByRole("navigation", { name: "Administration" })).toBeVisible();
});

test("a request for a new password gets the same answer for registered and unknown addresses", {
  tag: "@desktop",
}, async ({ page, context }) => {
  const person = await register(page);
  await context.clearCookies();
  for (const email of [person.email, "nobody@example.com", "no address"]) {
    await page.goto("/forgot");
    await page.getByLabel("E-mail").fill(email);
    // The browser's own check would stop the third one.
    await page.locator("main form").evaluate((form) => form.setAttribute("novalidate", ""));
    await page.getByRole("button", { name: "Send the link" }).click();
    await expect(page.getByRole("main").getByRole("status")).toContainText("a link is on its way");
  }
});

test("a reset link sets a new password once and ends all sessions", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const person = await register(page);
  const { id } = await stack.db.user.findUniqueOrThrow({ where: { email: person.email } });
  // The mail itself goes nowhere here: the row is made as its sender would.
  const token = randomBytes(32).toString("base64url");
  await stack.db.passwordReset.create({
    data: {
      id: tokenHash(token),
      userId: id,
      expiresAt: new Date(Date.now() + 3_600_000),
    },
  });

  await page.goto(`/reset/${token}`);
  // Without it a password manager would save the new password for nobody.
  await expect(page.getByLabel("Account")).toHaveValue(person.email);
  await expect(page.getByLabel("Account")).toHaveAttribute("autocomplete", "username");
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Save the password" }).click();
  await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/at least 8 characters/);
  await page.getByLabel("New password").fill("a new password");
  await page.getByRole("button", { name: "Save the password" }).click();

  await expect(page).toHaveURL("/login?changed");
  await expect(page.getByText("Your new password is set.")).toBeVisible();
  await signIn(page, { ...person, password: "a new password" });
  await expect(page).toHaveURL("/account");
  await page.goto(`/reset/${token}`);
  await expect(page.getByRole("heading", { name: "This link has expired or has already been used" })).toBeVisible();
  await expect(page.getByText("If you have just set a new password, it is saved")).toBeVisible();
});

test("an unknown address is a 404 page with a way on", async ({ page }) => {
  const answer = await page.goto("/no/such/page");
  expect(answer?.status()).toBe(404);
  await expect(page).toHaveTitle("There is no such page · Front Desk");
  await page.getByRole("main").getByRole("link", { name: "Go to the home page" }).click();
  await expect(page).toHaveURL("/");
});

test("a link cannot sign a person out", { tag: "@desktop" }, async ({ page, request }) => {
  await register(page);
  const answer = await request.get("/logout");
  expect([answer.status(), answer.headers().allow]).toEqual([405, "POST"]);
  await page.goto("/logout");
  await page.goto("/account");
  await expect(page).toHaveURL("/account");
});

test("a form that is sent after its session has ended is kept, and sent again once the person has signed in", {
  tag: ["@stack", "@desktop"],
}, async ({ page, context, stack }) => {
  const person = await register(page);
  await page.goto("/account/data");
  await stack.db.session.deleteMany({ where: { user: { email: person.email } } });
  await page.getByLabel("First name").fill("Typed meanwhile");
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);

  const opened = context.waitForEvent("page");
  await page.getByRole("link", { name: "Sign in (opens a new tab)" }).click();
  const tab = await opened;
  await signIn(tab, person);
  await expect(tab).toHaveURL("/account");

  await page.getByRole("button", { name: "Send it again" }).click();
  await expect(page.getByText("Saved.", { exact: true })).toBeVisible();
  await expect(page).toHaveURL("/account/data");
  await expect(page.getByRole("heading", { name: "You are signed out" })).toHaveCount(0);
  await expect
    .poll(() => stack.db.user.findUnique({ where: { email: person.email } }).then((user) => user?.firstName))
    .toBe("Typed meanwhile");
});
