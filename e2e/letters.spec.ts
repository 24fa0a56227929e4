import { openAsAdmin } from "./admin-people";
import { expect } from "./fixtures";
import { testOnOwnStack } from "./own-stack";
import { fillRegistration, newPerson, sendRegistration } from "./people";
import { accessibilityViolations, overflow } from "./violations";

// The mails to people and managers, set up by a site owner.

const test = testOnOwnStack("letters");

test.use({ locale: "en-US" });

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("an owner writes the mails, sees them before saving, and the next person and the managers get them @stack @desktop", async ({
      page,
      browser,
      stack,
    }) => {
      await stack.db.setting.deleteMany();
      const managers = `boss-${javaScriptEnabled}@example.com`;
      await openAsAdmin(page, "/admin/settings/letters");
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      const check = page.getByRole("button", { name: "Check and show what changes" });
      await page.getByLabel("Welcome: text in English").fill("Dear {nmae}");
      await check.click();
      await expect(page.getByText("There is no placeholder {nmae}.")).toBeVisible();

      await page.getByLabel("Welcome mail to the person").selectOption("Sent");
      await page.getByLabel("Welcome: subject in English").fill("Hi {firstName}");
      await page.getByLabel("Welcome: text in English").fill("Dear {name},\n\nsee you soon.\nYours");
      await page.getByLabel("Mail to managers").selectOption("Sent");
      await page.getByLabel("Addresses of managers").fill(managers);
      await page.getByLabel("Language of managers' mails").selectOption("English");
      await check.click();
      await expect(page.getByText("Nothing is saved yet")).toBeVisible();
      const letters = page.locator("[data-letters]");
      await expect(letters).toContainText("Hi Anna");
      await expect(letters).toContainText("Dear Anna Smith,");
      await expect(letters).toContainText("New registration: Anna Smith");
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved: 6 settings")).toBeVisible();

      const person = newPerson();
      const context = await browser.newContext({ baseURL: stack.baseURL, locale: "en-US", javaScriptEnabled });
      const visitor = await context.newPage();
      await visitor.goto("/register");
      await fillRegistration(visitor, person);
      await sendRegistration(visitor);
      await expect(visitor).toHaveURL("/account");
      await context.close();
      const got = (address: string) => stack.mailbox.mails.filter(({ to }) => to.includes(address));
      await expect.poll(() => got(managers).length).toBe(1);
      await expect.poll(() => got(person.email).filter(({ subject }) => subject.startsWith("Hi ")).length).toBe(1);
      const welcome = got(person.email).find(({ subject }) => subject.startsWith("Hi "));
      expect(welcome?.text).toMatch(/^Dear .+,\r?\n\r?\nsee you soon\.\r?\nYours/);
      expect(got(managers)[0]?.text).toContain(person.email);
      const { crmState } = await stack.db.user.findUniqueOrThrow({ where: { email: person.email } });
      expect(crmState).toBe("SYNCED");
    });
  });
