import { openAsAdmin } from "./admin-people";
import { expect } from "./fixtures";
import { testOnOwnStack } from "./own-stack";
import { register } from "./people";
import { accessibilityViolations, overflow } from "./violations";

// The mails to people and managers, set up by a site owner.

const test = testOnOwnStack("letters");

test.use({ locale: "en-US" });

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("an owner writes the mails, sees them before saving, and the next person and the managers get them", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, browser, stack }) => {
      await stack.db.setting.deleteMany();
      const managers = `boss-${javaScriptEnabled}@example.com`;
      await openAsAdmin(page, "/admin/settings/letters");
      const check = page.getByRole("button", { name: "Check and show what changes" });
      await page.getByLabel("Welcome: text in English").fill("Dear {nmae}");
      await check.click();
      await expect(page.getByText("There is no placeholder {nmae}.")).toBeVisible();

      await page.getByLabel("Welcome e-mail to the person").selectOption("Send");
      await page.getByLabel("Welcome: subject in English").fill("Hi {firstName}");
      await page.getByLabel("Welcome: text in English").fill("Dear {name},\n\nsee you soon.\nYours");
      await page.getByLabel("E-mail to managers").selectOption("Send");
      await page.getByLabel("Addresses of managers").fill(managers);
      await page.getByLabel("Language of e-mails to managers").selectOption("English");
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

      const context = await browser.newContext({ baseURL: stack.baseURL, locale: "en-US", javaScriptEnabled });
      const person = await register(await context.newPage());
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

    test("an owner has responsible persons told in the portal, sees the message before saving, and learns what keeps it back", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, browser, stack }) => {
      await stack.db.setting.deleteMany();
      await stack.db.personNotice.deleteMany();
      const scopes = (list: string[]) =>
        stack.portal.configure({ webhooks: [{ userId: 1, secret: "standinportalkey", scopes: list }] });
      scopes(["crm", "catalog", "user"]);
      await openAsAdmin(page, "/admin/settings/letters");
      await page.getByLabel("Message to the responsible person").selectOption("Send");
      await page.getByLabel("Language of these messages").selectOption("English");
      await page.getByLabel("To the responsible person: text in English").fill("[B]{name}[/B] is new\n{deal}");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.locator("[data-letters]")).toContainText("[B]Anna Smith[/B] is new");
      await expect(page.getByText("The webhook lacks the permission im")).toBeVisible();
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved: 3 settings")).toBeVisible();

      const registered = async () => {
        const context = await browser.newContext({ baseURL: stack.baseURL, locale: "en-US", javaScriptEnabled });
        const { email } = await register(await context.newPage());
        await context.close();
        return stack.db.user.findUniqueOrThrow({ where: { email } });
      };
      const { id } = await registered();
      const waits = { state: "pending", error: "INSUFFICIENT_SCOPE" };
      const notice = (userId: number) =>
        stack.db.personNotice.findFirst({ where: { userId }, select: { state: true, error: true } });
      await expect.poll(() => notice(id)).toEqual(waits);
      await page.goto("/admin/settings/letters");
      await expect(page.locator("[data-message-trouble]")).toContainText("the webhook lacks the permission im");
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);

      scopes(["crm", "catalog", "user", "im"]);
      await page.goto("/bitrix24-test");
      await page.getByRole("button", { name: "Check again" }).click();
      await expect.poll(() => notice(id)).toEqual({ state: "sent", error: null });
      await page.goto("/admin/settings/letters");
      await expect(page.locator("[data-message-trouble]")).toHaveCount(0);
      const portal = await browser.newPage();
      await portal.goto(stack.portalURL);
      const { bitrix24DealId } = await stack.db.user.findUniqueOrThrow({ where: { id } });
      const message = portal.locator("[data-message]", { hasText: `/crm/deal/details/${bitrix24DealId}/` });
      await expect(message).toContainText("is new");
      await portal.close();
    });
  });
