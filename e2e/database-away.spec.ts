import { startTcpGate, type TcpGate } from "../server/test/tcp-gate";
import { administrator, test as base, expect, perWorker, serverAway } from "./fixtures";
import { fillRegistration, newPerson, register, sendRegistration, signIn } from "./people";
import { type Stack, startStack } from "./stack";

// The database may refuse, be restarted or hang: people are told to wait, nothing typed is lost, and all heals by itself.

const test = base.extend<{ gate: TcpGate }, { gated: { stack: Stack; gate: TcpGate } }>({
  gated: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
    async ({}, use, { workerIndex }) => {
      let gate: TcpGate | undefined;
      const stack = await startStack(`database-away-${workerIndex}`, {
        databaseGate: async (url) => {
          gate = await startTcpGate({ host: url.hostname, port: Number(url.port) });
          url.port = String(gate.port);
          return url.href;
        },
      });
      if (!gate) throw new Error("The stack asked for no gate.");
      await use({ stack, gate });
      gate.open();
      await stack.stop();
      await gate.close();
    },
    perWorker,
  ],
  stack: [({ gated }, use) => use(gated.stack), { scope: "worker" }],
  gate: async ({ gated: { gate } }, use) => {
    await use(gate);
    gate.open();
  },
});

// One deployment for all tests of this file.
test.describe.configure({ mode: "default" });

test.use({ expectedProblems: [new RegExp(`${serverAway.source}|status of 503`)] });

for (const outage of ["refuse", "hang"] as const) {
  test(`pages and programs get 503 with Retry-After while the database would ${outage}`, {
    tag: ["@stack", "@desktop"],
  }, async ({ page, stack, gate }) => {
    await page.goto("/login");
    await signIn(page, administrator);
    await expect(page).toHaveURL("/account");
    gate[outage]();
    for (const path of [
      "/register",
      "/account",
      "/admin/users",
      "/admin/users/1",
      "/api/users/1",
      "/api/trpc/getUser",
    ]) {
      const answer = await page.request.get(path, { maxRedirects: 0 });
      expect(answer.status(), path).toBe(503);
      expect(answer.headers()["retry-after"], path).toBe("5");
    }
    expect((await fetch(`${stack.baseURL}/readyz`)).status).toBe(503);
    expect((await fetch(`${stack.baseURL}/healthz`)).status).toBe(200);
    gate.open();
    await expect.poll(async () => (await fetch(`${stack.baseURL}/readyz`)).status).toBe(200);
  });

  test(`a signed-in person's page waits for a database that would ${outage}, and comes back by itself`, {
    tag: ["@stack", "@desktop"],
  }, async ({ page, gate }) => {
    await register(page);
    gate[outage]();
    const answer = await page.goto("/account");
    expect(answer?.status()).toBe(503);
    expect(answer?.headers()["retry-after"]).toBe("5");
    await expect(page.getByRole("heading", { name: "The site will be back in a moment" })).toBeVisible();
    gate.open();
    await expect(page.locator("[data-crm-state]")).toBeVisible();
  });

  test(`a registration that the database would ${outage} keeps what was typed, and arrives once with the next click`, {
    tag: ["@stack", "@desktop"],
  }, async ({ page, stack, gate }) => {
    const person = newPerson();
    await page.goto("/register");
    await fillRegistration(page, person);
    gate[outage]();
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await sendRegistration(page);
    expect((await answered).status()).toBe(503);
    await expect(page.getByText("What you typed is kept")).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue(person.email);
    gate.open();
    await expect.poll(async () => (await fetch(`${stack.baseURL}/readyz`)).status).toBe(200);
    await page.getByLabel("Password").fill(person.password);
    await sendRegistration(page);
    await expect(page).toHaveURL("/account");
    expect(await stack.db.user.count({ where: { email: person.email } })).toBe(1);
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a form that cannot be saved is shown again with what was typed", { tag: ["@stack", "@desktop"] }, async ({
    page,
    gate,
  }) => {
    const person = newPerson();
    await page.goto("/register");
    await fillRegistration(page, person);
    gate.refuse();
    await sendRegistration(page);
    await expect(page.getByText("What you typed is kept")).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue(person.email);

    gate.open();
    await page.goto("/login");
    gate.refuse();
    await signIn(page, administrator);
    await expect(page.getByLabel("E-mail")).toHaveValue(administrator.email);
  });
});
