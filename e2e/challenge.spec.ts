import { expect, test } from "./fixtures";
import { alive } from "./page-script";
import { fillRegistration, newPerson, sendRegistration } from "./people";
import { type Stack, startStack } from "./stack";

test.use({ locale: "en-US" });
// One deployment for both.
test.describe.configure({ mode: "default" });

/** Registrations a minute and address; more than twelve times as many within ten minutes are unusual. */
const perMinute = 20;

let stack: Stack & { stop(): Promise<void> };
test.beforeAll(async () => {
  // Of its own: the numbers are those of the whole deployment.
  stack = await startStack("challenge", { env: { RATE_LIMIT_REGISTER: String(perMinute) } });
  await stack.db.user.createMany({
    data: Array.from({ length: perMinute * 12 + 1 }, (_, index) => ({
      email: `flood-${index}@flood.example`,
      firstName: "Поток",
      phone: `+7900${String(index).padStart(7, "0")}`,
      passwordHash: "none",
      crmState: "SYNCED" as const,
    })),
  });
});
test.afterAll(() => stack?.stop());

for (const javaScriptEnabled of [true, false])
  test(`while sign-ups are unusual a person ${javaScriptEnabled ? "notices nothing, since the browser works for the form" : "without scripts registers as well, and is held for review"}`, {
    tag: ["@stack", "@desktop"],
  }, async ({ browser }) => {
    const context = await browser.newContext({ baseURL: stack.baseURL, locale: "en-US", javaScriptEnabled });
    const page = await context.newPage();
    await page.goto("/register");
    if (javaScriptEnabled) await alive(page);
    await expect(page.locator('input[name="_work"]')).toHaveCount(1);
    // How many tries the work takes is a matter of luck, now and then six times as many as usual.
    const sent = page.waitForRequest((request) => request.method() === "POST", { timeout: 0 });
    const person = newPerson();
    await fillRegistration(page, person);
    await sendRegistration(page);
    await sent;
    await expect(page).toHaveURL("/account");
    const work = new URLSearchParams((await sent).postData() ?? "").get("_work") ?? "";
    const { crmState, holds } = await stack.db.user.findUniqueOrThrow({ where: { email: person.email } });
    if (javaScriptEnabled) {
      expect(work).toMatch(/^\d+$/);
      expect(holds).toEqual([]);
      await expect(page.locator("[data-crm-state=synced]")).toBeVisible();
    } else {
      expect(work).toBe("");
      expect([crmState, holds]).toEqual(["HELD", ["review"]]);
      // Confirming the e-mail would not be enough, so the page does not promise it.
      await expect(page.locator("[data-crm-state=pending]")).toContainText("Your application is checked before");
    }
    await context.close();
  });
