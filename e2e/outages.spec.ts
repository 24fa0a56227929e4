import { expect, test } from "./fixtures";
import { register } from "./people";

// What a person sees while the portal is away. These need the portal's control interface and nothing else of the stack, so
// that they run against a deployment too: BASE_URL=https://… PORTAL_URL=http://… npm run e2e.

/** A deployment is as patient as its settings say: a request that hangs is waited for, then for what it may still do. */
const patience = process.env.BASE_URL ? { timeout: 400_000 } : {};

const outages = [
  ["hangs", { kind: "hang" }],
  ["does what it is asked and loses its answers", { kind: "dropAfter" }],
  ["is asleep, with success in its status", { kind: "asleep", status: 200 }],
  ["is behind a proxy that is at its end", { kind: "502" }],
] as const;

for (const [does, fault] of outages)
  test(`a portal that ${does} delays no visitor, and one deal arrives once it is back`, { tag: "@portal" }, async ({
    page,
    portal,
  }) => {
    await portal.fail(fault);
    const { email } = await register(page);
    await expect(page.locator("[data-crm-state=pending]")).toBeVisible();
    expect((await portal.arrived(email)).deals).toEqual([]);

    await portal.clearFaults();
    await expect(page.locator("[data-crm-state=synced]")).toBeVisible(patience);
    const { contacts, deals } = await portal.arrived(email);
    expect([contacts.length, deals.length, deals[0]?.rows.length]).toEqual([1, 1, 1]);
  });

test("the state changes without reloading the page", { tag: ["@portal", "@desktop"] }, async ({ page, portal }) => {
  await portal.fail({ kind: "500" });
  await register(page);
  await page.evaluate(() => Object.assign(window, { loadedOnce: true }));
  await portal.clearFaults();
  await expect(page.locator("[data-crm-state=synced]")).toBeVisible(patience);
  expect(await page.evaluate(() => "loadedOnce" in window)).toBe(true);
});
