import { openAsAdmin } from "./admin-people";
import { expect, test } from "./fixtures";
import { register } from "./people";
import { accessibilityViolations, overflow } from "./violations";

test.use({ locale: "en-US" });
// The switch is one for the whole deployment.
test.describe.configure({ mode: "serial" });

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", { tag: ["@stack", "@desktop"] }, () => {
    test.use({ javaScriptEnabled });

    test("new registrations are held, looked at, released or discarded", async ({ page, stack, browser, baseURL }) => {
      await openAsAdmin(page, "/admin/review");
      await page.getByRole("button", { name: "Hold new registrations for review" }).click();
      await expect(page.getByText("New registrations are held until")).toBeVisible();
      const guest = await (await browser.newContext({ baseURL: String(baseURL), locale: "en-US" })).newPage();
      const good = await register(guest);
      await guest.context().clearCookies();
      const spam = await register(guest);
      await guest.context().close();
      const stateOf = async (email: string) => (await stack.db.user.findUnique({ where: { email } }))?.crmState;
      expect([await stateOf(good.email), await stateOf(spam.email)]).toEqual(["HELD", "HELD"]);

      await page.goto("/admin/review");
      const entry = (email: string) => page.getByRole("listitem").filter({ hasText: email });
      await entry(good.email).getByRole("checkbox").check();
      await page.getByRole("button", { name: "Release", exact: true }).click();
      await expect(page.getByText("Released: 1.")).toBeVisible();
      await expect.poll(() => stateOf(good.email)).toBe("SYNCED");

      await entry(spam.email).getByRole("checkbox").check();
      await page.getByText("Discard", { exact: true }).click();
      const erase = javaScriptEnabled ? /^Erase 1 registration$/ : /^Erase the selected registrations$/;
      await page.getByRole("button", { name: erase }).click();
      await expect(page.getByText("Discarded: 1.")).toBeVisible();
      expect(await stateOf(spam.email)).toBeUndefined();

      await page.getByRole("button", { name: "Stop holding new registrations" }).click();
      await expect(page.getByText("New registrations are sent to Bitrix24 automatically.")).toBeVisible();
      if (!javaScriptEnabled) return;
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.setViewportSize({ width: 320, height: 700 });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    });
  });
