import type { Page } from "@playwright/test";
import { openAsAdmin } from "./admin-people";
import { expect } from "./fixtures";
import { testOnOwnStack } from "./own-stack";
import { fillRegistration, newPerson, sendRegistration } from "./people";
import type { Stack } from "./stack";
import { accessibilityViolations, overflow } from "./violations";

// Consents in the owner's words, on a stack of one's own: others rely on the built-in one.

const test = testOnOwnStack("consents", { env: { OPERATOR_NAME: "Front Desk Ltd" } });

test.use({ locale: "en-US" });

interface Words {
  label: string;
  text: string;
}

async function typeWords(page: Page, { label, text }: Words): Promise<void> {
  await page.getByLabel("Text beside the box, in English").fill(label);
  await page.getByLabel("Text below, in English").fill(text);
  await page.getByLabel("Text beside the box, in Russian").fill(`${label} по-русски`);
  await page.getByLabel("Text below, in Russian").fill(`${text} по-русски`);
}

async function addConsent(page: Page, key: string, purpose: string, words: Words): Promise<void> {
  await page.goto("/admin/settings/consents/new");
  await page.getByLabel("Short name").fill(key);
  await page.getByLabel("What it is for").selectOption({ label: purpose });
  await typeWords(page, words);
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Check and show" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved. The form changes within seconds.")).toBeVisible();
}

async function visitor(page: Page, stack: Stack, javaScriptEnabled: boolean) {
  const context = await page.context().browser()?.newContext({
    baseURL: stack.baseURL,
    javaScriptEnabled,
    locale: "en-US",
  });
  if (!context) throw new Error("no browser");
  return context.newPage();
}

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });
    const key = javaScriptEnabled ? "ads" : "news";
    const label = `Send me offers (${key})`;

    test("an owner asks for a further consent, and a person gives, withdraws and gives it again", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      await openAsAdmin(page, "/admin/settings");
      await page.getByRole("link", { name: "Change the consents" }).click();
      await expect(page.getByText("Nothing has been changed yet").or(page.getByText("Change 1 "))).toBeVisible();
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);

      // A consent to advertising is never a condition, also for a form that was made by hand.
      await addConsent(page, key, "Advertising", { label, text: "First." });
      await page.getByLabel("Required: without it there is no registration").check();
      await page.getByRole("button", { name: "Check and show" }).click();
      await expect(page.getByText("Consent to advertising cannot be required.")).toBeVisible();
      await expect(page.getByLabel("Text beside the box, in English")).toHaveValue(label);
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByLabel("Required: without it there is no registration").uncheck();
      await page.getByRole("button", { name: "Check and show" }).click();
      await expect(page.getByText("Name the operator in both texts")).toBeVisible();
      await expect(page.getByRole("checkbox", { name: `${label} по-русски` })).toBeVisible();
      await page.getByLabel("Text below, in English").fill("Offers of {operator}.");
      await page.getByLabel("Text below, in Russian").fill("Предложения {operator}.");
      await page.getByRole("button", { name: "Check and show" }).click();
      await expect(page.getByText("Name the operator in both texts")).toHaveCount(0);
      expect(await overflow(page)).toBe(0);
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await save(page);

      const guest = await visitor(page, stack, javaScriptEnabled);
      const box = guest.getByRole("checkbox", { name: label });
      await expect(async () => {
        await guest.goto("/register");
        await expect(box).toBeVisible();
      }).toPass();
      await expect(box).not.toBeChecked();
      if (javaScriptEnabled) expect(await accessibilityViolations(guest)).toEqual([]);
      // What was ticked stays so when something else is refused.
      await box.check();
      const person = newPerson();
      await fillRegistration(guest, { ...person, phone: "12" });
      await sendRegistration(guest);
      await expect(guest.getByLabel("Phone")).toHaveAttribute("aria-invalid", "true");
      await expect(box).toBeChecked();
      await fillRegistration(guest, person);
      await sendRegistration(guest);
      await expect(guest).toHaveURL("/account");

      await guest.goto("/account/data");
      const own = guest.locator(`[data-consent=${key}]`);
      await own.getByText("version 1").click();
      await expect(own.getByText("Offers of Front Desk Ltd.")).toBeVisible();
      if (javaScriptEnabled) expect(await accessibilityViolations(guest)).toEqual([]);
      await own.getByRole("button", { name: "Withdraw" }).click();
      await expect(own.getByText("withdrawn on")).toBeVisible();
      // Nothing of the registration depends on it.
      await expect(guest.getByRole("button", { name: "Withdraw my consent" })).toBeVisible();
      await own.getByRole("button", { name: "Give" }).click();
      await expect(guest.getByText("your consent is recorded")).toBeVisible();
      await expect(own.getByRole("button", { name: "Withdraw" })).toBeVisible();
      const { id } = await stack.db.user.findUniqueOrThrow({ where: { email: person.email } });
      await expect.poll(async () => (await stack.db.user.findUniqueOrThrow({ where: { id } })).crmState).toBe("SYNCED");

      await page.goto("/admin/settings/consents");
      await page.getByRole("button", { name: `Stop asking: ${label}` }).click();
      await expect(page.getByText("Saved. The form changes within seconds.")).toBeVisible();
      await page.getByRole("list", { name: "Changes" }).getByRole("button", { name: "Undo" }).first().click();
      await expect(page.getByRole("button", { name: `Stop asking: ${label}` })).toBeVisible();
      await guest.context().close();
    });
  });

test("a person who had the form open while its words changed has agreed to what the form showed", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  await openAsAdmin(page, "/admin/settings/consents");
  await addConsent(page, "terms", "Something else", { label: "The first terms", text: "One" });
  await page.getByLabel("Required: without it there is no registration").check();
  await save(page);
  const [early, late] = [await visitor(page, stack, true), await visitor(page, stack, true)];
  for (const guest of [early, late])
    await expect(async () => {
      await guest.goto("/register");
      await expect(guest.getByLabel("The first terms")).toBeVisible();
    }).toPass();

  await page.goto("/admin/settings/consents/terms");
  await typeWords(page, { label: "The second terms", text: "Two" });
  await save(page);
  await page.getByText("version 1", { exact: true }).click();
  await expect(page.getByRole("checkbox", { name: "The first terms", exact: true })).toBeVisible();
  const fresh = await visitor(page, stack, true);
  await expect(async () => {
    await fresh.goto("/register");
    await expect(fresh.getByLabel("The second terms")).toBeVisible();
  }).toPass();

  const person = newPerson();
  await fillRegistration(early, person);
  await sendRegistration(early);
  await expect(early.getByText("We cannot register you without your consent.")).toBeVisible();
  await early.getByLabel("The first terms").check();
  await sendRegistration(early);
  await expect(early).toHaveURL("/account");
  const user = await stack.db.user.findUniqueOrThrow({ where: { email: person.email }, include: { consents: true } });
  expect(user.consents.map(({ kind, version }) => [kind, version])).toContainEqual(["terms", "1"]);

  // When the form is shown again it has the present words, and its boxes are not ticked.
  await fillRegistration(late, { ...newPerson(), email: person.email, password: "another long phrase" });
  await late.getByLabel("The first terms").check();
  await sendRegistration(late);
  await expect(late.getByLabel("The second terms")).not.toBeChecked();
  for (const guest of [early, late, fresh]) await guest.context().close();
  await page.goto("/admin/settings/consents");
  await page.getByRole("button", { name: "Stop asking: The second terms" }).click();
  await expect(page.getByText("Saved. The form changes within seconds.")).toBeVisible();
});

test("the pages of consents fit a phone in both languages", { tag: "@stack" }, async ({ page }) => {
  await openAsAdmin(page, "/admin/settings/consents");
  for (const lang of ["ru", "en"]) {
    await page.context().addCookies([{ name: "lang", value: lang, url: page.url() }]);
    for (const path of [
      "/admin/settings/consents",
      "/admin/settings/consents/new",
      "/admin/settings/consents/registration",
    ]) {
      await page.goto(path);
      expect(await overflow(page)).toBe(0);
      expect(await accessibilityViolations(page)).toEqual([]);
    }
  }
});
