import type { BrowserContext } from "@playwright/test";
import { test as base, cutAnswer, expect } from "./fixtures";
import { useOwnProfile } from "./own-profile";
import { fillRegistration, newPerson, sendRegistration, signIn } from "./people";

/** A browser whose owner has chosen "block all cookies": no cookies, and an exception at every touch of storage. */
const test = base.extend<{ blocked: BrowserContext }>({
  blocked: ({ launchOptions, javaScriptEnabled, baseURL }, use) =>
    useOwnProfile(
      { default_content_setting_values: { cookies: 2 } },
      { ...launchOptions, javaScriptEnabled, ...(baseURL ? { baseURL } : {}) },
      use,
    ),
});

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("where cookies are refused the links work, and a registration is confirmed in words", {
      tag: ["@stack", "@desktop"],
    }, async ({ blocked, stack }) => {
      const page = await blocked.newPage();
      const thrown: string[] = [];
      page.on("pageerror", (error) => {
        if (!cutAnswer.test(String(error))) thrown.push(String(error));
      });
      await page.goto("/");
      await page.getByRole("main").getByRole("link", { name: "Register" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Register");

      const person = newPerson();
      await fillRegistration(page, person);
      await sendRegistration(page);
      await expect(page.getByText("You are registered, and your application is saved.")).toBeVisible();
      await expect(page.getByText("Your browser refuses the cookies of this site")).toBeVisible();
      expect(await stack.db.user.count({ where: { email: person.email } })).toBe(1);

      await signIn(page, person);
      await expect(page.getByText("Your browser refuses the cookies of this site")).toBeVisible();
      await expect(page.getByText("You are registered, and")).toBeHidden();
      expect(thrown).toEqual([]);
    });
  });

base("an app's web view without storage shows every page", { tag: ["@stack", "@desktop"] }, async ({ page }) => {
  await page.addInitScript(() => {
    for (const name of ["sessionStorage", "localStorage"])
      Object.defineProperty(window, name, { configurable: true, get: () => null });
  });
  await page.goto("/");
  await page.getByRole("main").getByRole("link", { name: "Register" }).click();
  await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
});

base(
  "a guest who has cookies is sent to sign in without a word about them",
  { tag: ["@stack", "@desktop"] },
  async ({ page }) => {
    await page.goto("/register");
    await page.goto("/account");
    await expect(page).toHaveURL("/login?redirectTo=%2Faccount");
    await expect(page.getByText("refuses the cookies")).toBeHidden();
  },
);
