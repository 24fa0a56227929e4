import { test as base, expect, perWorker } from "./fixtures";
import { fillRegistration, newPerson, sendRegistration } from "./people";
import { type Stack, startStack } from "./stack";

// What an owner may choose: no mail server, and a schema of the database for this installation alone.

const operator = "office@example.com";

const test = base.extend<object, { chosen: Stack }>({
  chosen: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
    async ({}, use, { workerIndex }) => {
      const stack = await startStack(`settings-${workerIndex}`, {
        env: { SMTP_URL: "", MAIL_FROM: "", OPERATOR_NAME: "Front Desk Ltd", OPERATOR_EMAIL: operator },
        databaseGate: async (url) => `${url.href}?schema=My%20CRM`,
      });
      await use(stack);
      await stack.stop();
    },
    perWorker,
  ],
  stack: [({ chosen }, use) => use(chosen), { scope: "worker" }],
});

// One deployment for all tests of this file.
test.describe.configure({ mode: "default" });

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("where no mail can be sent no link is promised, and the page says whom to ask", {
      tag: ["@stack", "@desktop"],
    }, async ({ page }) => {
      await page.goto("/login");
      await expect(page.getByRole("main").getByRole("link", { name: /forgot/i })).toHaveCount(0);
      await expect(page.getByRole("main").getByText(operator)).toBeVisible();

      await page.goto("/forgot");
      await expect(page.getByText("This site cannot send e-mail")).toBeVisible();
      await expect(page.getByRole("main").getByText(operator)).toBeVisible();
      await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
    });

    test("an installation in a schema of its own carries a registration to the portal", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      const person = newPerson();
      await page.goto("/register");
      await fillRegistration(page, person);
      await sendRegistration(page);
      await expect(page).toHaveURL("/account");
      await expect.poll(() => [...stack.portal.contacts.values()].filter(holds(person.email)).length).toBe(1);
      // Another installation, in the schema that all have, knows nothing of this person.
      expect(await stack.db.user.count({ where: { email: person.email } })).toBe(0);
    });
  });

test("a form for a link that is sent all the same is answered, not promised anything", {
  tag: ["@stack", "@desktop"],
}, async ({ request }) => {
  const answer = await request.post("/forgot", {
    form: { email: "anna@example.com" },
    headers: { "accept-language": "en" },
  });
  expect(answer.status()).toBe(503);
  expect(await answer.text()).toContain("This site cannot send e-mail");
});

const holds = (email: string) => (contact: unknown) => JSON.stringify(contact).includes(email);
