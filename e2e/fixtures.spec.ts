import type { Page } from "@playwright/test";
import { createLog } from "../server/platform/log";
import { createMail } from "../server/platform/mail";
import { expect, test } from "./fixtures";
import { newPerson, onPortal, register } from "./people";
import { defaultSecret } from "./portal/administration";
import type { Stack } from "./stack";
import { accessibilityViolations, colourViolations } from "./violations";

// What the fixtures promise to the other specs. A test marked as failing proves that its fault is noticed.

const violated = (page: Page) =>
  page.evaluate(
    () => new Promise((resolve) => document.addEventListener("securitypolicyviolation", resolve, { once: true })),
  );

test("an error in the console fails a spec", { tag: "@desktop" }, async ({ page }) => {
  test.fail();
  await page.goto("/");
  await page.evaluate(() => console.error("something went wrong"));
});

test("an exception in a page fails a spec", { tag: "@desktop" }, async ({ page, context }) => {
  test.fail();
  await page.goto("/");
  const thrown = context.waitForEvent("weberror");
  await page.evaluate(() => void setTimeout(() => Promise.reject(new Error("thrown"))));
  await thrown;
});

test("a violation of the content security policy fails a spec", { tag: "@desktop" }, async ({ page }) => {
  test.fail();
  await page.goto("/");
  const violation = violated(page);
  await page.evaluate(() => {
    document.head.append(Object.assign(document.createElement("style"), { textContent: "body { color: red }" }));
  });
  await violation;
});

test("a site too busy to call itself ready is no fault of a page", { tag: "@desktop" }, async ({ page }) => {
  await page.route("**/readyz", (route) => route.fulfill({ status: 503 }));
  await page.goto("/");
  const logged = page.waitForEvent("console", (message) => message.text().includes("status of 503"));
  await page.evaluate(() => void fetch("/readyz"));
  await logged;
});

for (const frame of ["", '<iframe title="Inside" srcdoc="<button></button>"></iframe>'])
  test(`what keeps people out is found, and found anew at each look, ${frame ? "also in a frame" : "in a page alone"}`, {
    tag: "@desktop",
  }, async ({ page }) => {
    await page.setContent(`<html lang="en"><title>A page</title><main><h1>A page</h1><img id="image" src="data:,">
      <p style="color: #000; background: #fff">Text</p>${frame}</main></html>`);
    const first = await accessibilityViolations(page);
    expect(first.map((found) => found.split(":")[0]).sort()).toEqual(
      frame ? ["button-name", "image-alt"] : ["image-alt"],
    );
    expect(first.join()).toContain('id="image"');
    expect(await colourViolations(page)).toEqual([]);
    await page.evaluate(() => {
      document.querySelector("p")?.setAttribute("style", "color: #777; background: #888");
    });
    expect((await colourViolations(page)).map((found) => found.split(":")[0])).toEqual(["color-contrast"]);
  });

test("a server that was killed comes back at the same address with its data", { tag: ["@stack", "@desktop"] }, async ({
  request,
  stack,
}) => {
  const administrators = await stack.db.user.count({ where: { role: "ADMIN" } });
  await stack.kill9();
  await expect(request.get("/healthz")).rejects.toThrow("ECONNREFUSED");

  await stack.restart();
  expect((await request.get("/readyz")).status()).toBe(200);
  expect(await stack.db.user.count({ where: { role: "ADMIN" } })).toBe(administrators);
});

test("a person whom the portal has is linked, though it hangs once the deal is there", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const person = newPerson();
  const known = stack.portal.staff.addContact({ name: "Vera" }, { emails: [person.email] });
  stack.portal.fail({ kind: "hang", once: "deal", times: 1 });
  await register(page, person);
  await expect(page.locator("[data-crm-state=synced]")).toBeVisible();
  const { contacts, linked, deals } = await onPortal(stack, person);
  expect({ contacts, linked, deals }).toMatchObject({
    contacts: [],
    linked: [{ id: known.id }],
    deals: [{ contactId: known.id }],
  });
  expect(stack.portal.faults, "faults that have not struck yet").toEqual([]);
});

test.describe("what a test breaks", () => {
  // One after the other in one worker: the second one looks at what the first has left. No site asks for the portal's time.
  test.describe.configure({ mode: "default" });
  const askTheTime = ({ portalURL }: Stack) => fetch(new URL(`/rest/1/${defaultSecret}/server.time`, portalURL));

  test("is broken as long as the test lasts", { tag: ["@stack", "@desktop"] }, async ({ stack }) => {
    stack.portal.fail({ kind: "500", method: "server.time" });
    stack.mailbox.refuse(true);
    expect((await askTheTime(stack)).status).toBe(500);
  });

  test("is whole again in the next one", { tag: ["@stack", "@desktop"] }, async ({ stack }) => {
    expect(stack.portal.faults).toEqual([]);
    expect((await askTheTime(stack)).status).toBe(200);
    const settings = {
      NODE_ENV: "production",
      SMTP_URL: stack.mailbox.smtpUrl,
      MAIL_FROM: "desk@example.com",
    } as const;
    const letter = { to: newPerson().email, subject: "A letter", text: "Taken" };
    expect(await createMail(settings, createLog("silent")).send(letter)).toBe(true);
  });
});
