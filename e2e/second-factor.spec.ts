import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { createAdmin } from "../server/auth/admins";
import { codeOf } from "../server/test/authenticator";
import { switchLanguage } from "./admin-people";
import { administrator, expect, test } from "./fixtures";
import { signIn } from "./people";
import { type Stack, startStack } from "./stack";
import { accessibilityViolations } from "./violations";

test.use({ locale: "en-US" });

/** An administrator of the spec's own: the stack's is shared. */
async function newAdministrator(stack: Stack) {
  const person = { email: `boss-${randomUUID()}@example.com`, password: "quite a long phrase" };
  await createAdmin(stack, person);
  return person;
}

/** As if the code that was used last had been another one: else a spec would wait half a minute for the next. */
const forgetUsedCode = ({ db }: Stack, { email }: { email: string }) =>
  db.secondFactor.updateMany({ where: { user: { email } }, data: { lastStep: 0 } });

async function openSignedIn(page: Page, person: { email: string; password: string }, path: string) {
  await page.goto(`/login?redirectTo=${encodeURIComponent(path)}`);
  await signIn(page, person);
}

async function shownSecret(page: Page): Promise<string> {
  const secret = page.locator("[data-secret]");
  await expect(secret).toHaveText(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
  return ((await secret.textContent()) ?? "").replace(/\s/g, "");
}

/** Sets the second factor up on its page, and returns what the person would keep. */
async function enrol(page: Page): Promise<{ secret: string; codes: string[] }> {
  const secret = await shownSecret(page);
  await page.getByLabel("Code that the app shows").fill(codeOf(secret));
  await page.getByRole("button", { name: "Turn on" }).click();
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  return { secret, codes: await shownCodes(page) };
}

/** All of them, whole: without a script the page is read while it still arrives. */
async function shownCodes(page: Page): Promise<string[]> {
  const codes = page.locator("[data-recovery-codes] li");
  await expect(codes).toHaveText(Array<RegExp>(10).fill(/^(\w{4}-){2}\w{4}$/));
  return codes.allTextContents();
}

/** Waits for its end: the next page would be asked for with the session still open. */
async function signOut(page: Page): Promise<void> {
  // On a phone the button of an administration's page lies in the menu.
  await page.goto("/account");
  const button = page.getByRole("button", { name: "Sign out", exact: true });
  await button.click();
  await expect(button).toHaveCount(0);
}

async function sendCode(page: Page, code: string) {
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
}

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", {
    tag: javaScriptEnabled ? "@stack" : ["@stack", "@desktop"],
  }, () => {
    test.use({ javaScriptEnabled });

    test("an administrator sets it up, and from then on the password is not enough", async ({ page, stack }) => {
      const boss = await newAdministrator(stack);
      await openSignedIn(page, boss, "/account");
      await page.getByRole("link", { name: "Set up a second factor" }).click();
      await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);

      const secret = await shownSecret(page);
      await page.getByLabel("Code that the app shows").fill("000 000");
      await page.getByRole("button", { name: "Turn on" }).click();
      await expect(page.getByText("This code is wrong")).toBeVisible();
      expect(await shownSecret(page), "the picture was scanned already").toBe(secret);
      const { codes } = await enrol(page);
      expect(codes).toHaveLength(10);
      if (javaScriptEnabled) {
        expect(await accessibilityViolations(page)).toEqual([]);
        await switchLanguage(page, "ru");
        expect(await shownCodes(page)).toEqual(codes);
        await switchLanguage(page, "en");
      }
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "Save as a file" }).click();
      const saved = await readFile(await (await download).path(), "utf8");
      for (const code of codes) expect(saved).toContain(code);
      await page.getByRole("link", { name: "I have saved them, continue" }).click();
      await expect(page).toHaveURL("/admin");
      await page.goto("/account/second-factor");
      await expect(page.getByText("10 recovery codes left")).toBeVisible();
      await expect(page.locator("[data-recovery-codes]")).toHaveCount(0);

      await signOut(page);
      await openSignedIn(page, boss, "/admin/users");
      await expect(page.getByRole("heading", { name: "Enter your code" })).toBeVisible();
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      const past = await page.context().newPage();
      await past.goto("/admin/users");
      await expect(past).toHaveURL(/\/login\?/);
      await past.close();

      await sendCode(page, codeOf(secret, 10));
      await expect(page.getByText("This code is wrong")).toBeVisible();
      await forgetUsedCode(stack, boss);
      await sendCode(page, codeOf(secret));
      await expect(page).toHaveURL("/admin/users");
    });

    test("a recovery code signs in once, and the person is told how many are left", async ({ page, stack }) => {
      const boss = await newAdministrator(stack);
      await openSignedIn(page, boss, "/account/second-factor");
      const [code = ""] = (await enrol(page)).codes;
      for (const works of [true, false]) {
        await signOut(page);
        await openSignedIn(page, boss, "/admin/users");
        await sendCode(page, code.toUpperCase());
        if (!works) {
          await expect(page.getByText("This code is wrong")).toBeVisible();
          break;
        }
        await expect(page.getByText("You have signed in with a recovery code.")).toBeVisible();
        await expect(page.getByText("9 recovery codes left")).toBeVisible();
        await page.getByRole("link", { name: "Continue" }).click();
        await expect(page).toHaveURL("/admin/users");
      }
    });

    test("new recovery codes and switching it off ask for the password and a code", async ({ page, stack }) => {
      const boss = await newAdministrator(stack);
      await openSignedIn(page, boss, "/account/second-factor");
      const { secret, codes } = await enrol(page);
      await page.goto("/account/second-factor");
      const renew = page.getByRole("form", { name: "New recovery codes" });
      const disable = page.getByRole("form", { name: "Turn off" });

      await forgetUsedCode(stack, boss);
      await renew.getByLabel("Password").fill("wrong password");
      await renew.getByLabel(/Code from the app/).fill(codeOf(secret));
      await renew.getByRole("button").click();
      await expect(page.getByText("Wrong password.")).toBeVisible();
      await renew.getByLabel("Password").fill(boss.password);
      await renew.getByLabel(/Code from the app/).fill(codeOf(secret));
      await renew.getByRole("button").click();
      const renewed = await shownCodes(page);
      expect(renewed).not.toContain(codes[0]);

      await disable.getByLabel("Password").fill(boss.password);
      await disable.getByLabel(/Code from the app/).fill(codes[0] ?? "");
      await disable.getByRole("button").click();
      await expect(page.getByText("This code is wrong")).toBeVisible();
      await disable.getByLabel("Password").fill(boss.password);
      await disable.getByLabel(/Code from the app/).fill(renewed[0] ?? "");
      await disable.getByRole("button").click();
      await expect(page.getByText("The second factor is off.")).toBeVisible();

      await signOut(page);
      await openSignedIn(page, boss, "/account");
      await expect(page).toHaveURL("/account");
      const admin = await stack.db.user.findUniqueOrThrow({ where: { email: boss.email } });
      const entries = await stack.db.auditEntry.findMany({
        where: { targetId: admin.id, action: { startsWith: "factor." } },
        orderBy: { id: "asc" },
      });
      expect(entries.map(({ action }) => action)).toEqual([
        "factor.enable",
        "factor.codes",
        "factor.refused",
        "factor.recovery",
        "factor.disable",
      ]);
    });
  });

test("a registration form with an administrator's own password does not go round the code", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const boss = await newAdministrator(stack);
  await openSignedIn(page, boss, "/account/second-factor");
  const { secret } = await enrol(page);
  await signOut(page);
  await page.goto("/register");
  await page.getByLabel("First name").fill("Boss");
  await page.getByLabel("E-mail").fill(boss.email);
  await page.getByLabel("Phone").fill("8 900 123-45-67");
  await page.getByLabel("Password").fill(boss.password);
  await page.getByLabel("I agree to the processing of my details").check();
  await page.getByRole("main").getByRole("button", { name: "Register" }).click();
  await expect(page.getByRole("heading", { name: "Enter your code" })).toBeVisible();
  await forgetUsedCode(stack, boss);
  await sendCode(page, codeOf(secret));
  await expect(page).toHaveURL("/account?known");
  await expect(page.getByText("has registered nothing new")).toBeVisible();
});

test("people who are no administrators have no such page", { tag: ["@stack", "@desktop"] }, async ({ page, stack }) => {
  const boss = await newAdministrator(stack);
  await stack.db.user.update({ where: { email: boss.email }, data: { role: "USER" } });
  await openSignedIn(page, boss, "/account");
  await expect(page).toHaveURL("/account");
  // The address is there before the page is.
  await expect(page.getByRole("button", { name: "Sign out", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Set up a second factor" })).toHaveCount(0);
  expect((await page.request.get("/account/second-factor")).status()).toBe(403);
});

test.describe("where it is required", { tag: ["@stack", "@desktop"] }, () => {
  let strict: Awaited<ReturnType<typeof startStack>>;

  test.beforeAll(async () => {
    strict = await startStack("second-factor", { env: { ADMIN_TOTP: "required" } });
  });
  test.afterAll(async () => {
    await strict.stop();
  });

  test("an administrator without one reaches the page that sets it up, and nothing else", async ({ browser }) => {
    const context = await browser.newContext({ baseURL: strict.baseURL, locale: "en-US" });
    const page = await context.newPage();
    await openSignedIn(page, administrator, "/admin/users");
    await expect(page).toHaveURL("/account/second-factor");
    await expect(page.getByText("This site requires the second factor")).toBeVisible();
    for (const path of ["/account", "/account/data", "/admin", "/admin/users", "/admin/tokens", "/bitrix24-test"]) {
      await page.goto(path);
      await expect(page, path).toHaveURL("/account/second-factor");
    }
    const origin = strict.baseURL;
    for (const path of ["/admin/users/export.csv", "/account/data.json"]) {
      const answer = await page.request.get(path, { maxRedirects: 0 });
      expect([answer.status(), answer.headers().location], path).toEqual([302, "/account/second-factor"]);
    }
    for (const path of ["/api/users/1", "/api/trpc/audit.list"])
      expect((await page.request.get(path)).status(), path).toBe(403);
    const payment = { data: { userId: 1, isPaid: true }, headers: { origin } };
    expect((await page.request.post("/api/users/update-payment", payment)).status()).toBe(403);

    await enrol(page);
    await page.getByRole("link", { name: "I have saved them, continue" }).click();
    await expect(page).toHaveURL("/admin");
    expect((await page.request.get("/api/users/1")).status()).toBe(200);
    await context.close();
  });
});
