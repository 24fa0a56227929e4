import { openAsAdmin } from "./admin-people";
import { test as base, expect } from "./fixtures";
import { type Stack, startStack } from "./stack";
import { accessibilityViolations, overflow } from "./violations";

// How a site looks, by its owner's settings, on a stack of one's own.

const test = base.extend<object, { owned: Stack }>({
  owned: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
    async ({}, use, { workerIndex }) => {
      const stack = await startStack(`site-look-${workerIndex}`);
      await use(stack);
      await stack.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  stack: [({ owned }, use) => use(owned), { scope: "worker" }],
});

test.use({ locale: "en-US" });

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("an owner's colour is that of links and buttons in both schemes, once it can be read, and is undone @stack @desktop", async ({
      page,
    }) => {
      await openAsAdmin(page, "/admin/settings/site");
      await page.getByLabel("Colour").fill("#ffd400");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.getByText("This colour is too light: on a light page its contrast is 1.1")).toBeVisible();
      await page.getByLabel("Colour").fill("#8A1C5B");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.getByRole("img", { name: "Dark scheme" })).toBeVisible();
      expect(await overflow(page)).toBe(0);
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved: 1 setting.")).toBeVisible();

      const button = page.getByRole("button", { name: "Check and show what changes" });
      await expect(async () => {
        await page.reload();
        await expect(button).toHaveCSS("background-color", "rgb(138, 28, 91)");
      }).toPass();
      if (javaScriptEnabled)
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          await page.goto("/admin/settings");
          expect(await accessibilityViolations(page)).toEqual([]);
        }
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto("/admin/settings");
      await page.getByRole("list", { name: "Changes" }).getByRole("button", { name: "Undo" }).first().click();
      await expect(page.getByText("The change was undone.")).toBeVisible();
      await expect(async () => {
        await page.goto("/admin/settings/site");
        await expect(button).toHaveCSS("background-color", "rgb(12, 90, 75)");
      }).toPass();
    });
  });
