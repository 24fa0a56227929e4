import { openAsAdmin } from "./admin-people";
import { expect } from "./fixtures";
import { testOnOwnStack } from "./own-stack";
import { onPortal, register } from "./people";

// What the fixture `clock` promises to the other specs.

const test = testOnOwnStack("clock");
test.use({ locale: "en-US" });

test("an hour passes for the site, the portal and an open page at once", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
  clock,
}) => {
  const minutes = 61;
  const { portal } = stack;
  const person = await register(page);
  await expect(page.locator("[data-crm-state=synced]")).toBeVisible();
  await openAsAdmin(page, "/admin/users");
  const registered = page.getByRole("listitem").filter({ hasText: person.email }).locator("time");
  await expect(registered).not.toHaveText("1 hr ago");
  const moments = async () => ({
    person: (await onPortal(stack, person)).user.createdAt.getTime(),
    queue: (await stack.db.$queryRaw<[{ at: Date }]>`select min(created_on) as at from pgboss.queue`)[0].at.getTime(),
  });
  const before = { ...(await moments()), portal: portal.now() };

  await page.evaluate(() => void setTimeout(() => Object.assign(window, { rang: true }), 3_600_000));
  await clock.pass({ minutes });
  await expect.poll(() => page.evaluate(() => "rang" in window)).toBe(true);
  expect(await page.evaluate(() => Date.now())).toBeLessThan(Date.now() + 60_000);
  await page.reload();
  await expect(registered).toHaveText("1 hr ago");
  expect(portal.now() - before.portal).toBeGreaterThanOrEqual(minutes * 60_000);
  const after = await moments();
  expect([before.person - after.person, before.queue - after.queue]).toEqual([minutes * 60_000, minutes * 60_000]);

  // A password counts for ten minutes.
  await page.goto("/admin/tokens");
  await page.getByLabel("Name").fill("An hour later");
  await page.getByRole("button", { name: "Create the token" }).click();
  await expect(page.getByRole("heading", { name: "Confirm your password" })).toBeVisible();
});
