import { startReceiver } from "../server/test/receiver";
import { openAsAdmin } from "./admin-people";
import { test as base, expect, perWorker } from "./fixtures";
import { type Stack, startStack } from "./stack";
import { accessibilityViolations, overflow } from "./violations";

// The channels of alerts, set up and tried by a site owner, with a bot's server of the test's own.

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

const test = base.extend<object, { bot: Receiver; owned: Stack }>({
  bot: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
    async ({}, use) => {
      const bot = await startReceiver((_, response) => void response.writeHead(200).end('{"ok":true}'));
      await use(bot);
      await bot.close();
    },
    { scope: "worker" },
  ],
  owned: [
    async ({ bot }, use, { workerIndex }) => {
      const env = { ALERT_TELEGRAM_API: `http://127.0.0.1:${bot.port}` };
      const stack = await startStack(`alerts-${workerIndex}`, { env });
      await use(stack);
      await stack.stop();
    },
    perWorker,
  ],
  stack: [({ owned }, use) => use(owned), { scope: "worker" }],
});

// One deployment for all tests of this file.
test.describe.configure({ mode: "default" });

test.use({ locale: "en-US" });

const token = "123456:AAExampleTokenOfABotWithEnoughLetters";

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("an owner sets a bot up, tries it, and its token is never shown again", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, bot }) => {
      await openAsAdmin(page, "/admin/settings/alerts");
      await page.getByLabel("Token of a Telegram bot").first().fill("no token");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.getByText("A token looks like 123456789:AAE…")).toBeVisible();

      await page.getByLabel("Token of a Telegram bot").first().fill(token);
      await page.getByLabel("Chat in Telegram").fill("-1001234567890");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.getByText("Nothing is saved yet")).toBeVisible();
      expect(await page.content()).not.toContain(token);
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved: 2 settings")).toBeVisible();
      expect(await overflow(page)).toBe(0);
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);

      bot.received.length = 0;
      await page.getByRole("button", { name: "Send a test alert: Telegram" }).click();
      await expect(page.getByText("Telegram: the test alert was accepted (HTTP 200).")).toBeVisible();
      expect(bot.received.map(({ body }) => JSON.parse(body).chat_id)).toEqual(["-1001234567890"]);
      bot.answer = (_, response) => void response.writeHead(401).end('{"ok":false,"description":"Unauthorized"}');
      await page.getByRole("button", { name: "Send a test alert: Telegram" }).click();
      await expect(page.getByRole("alert")).toContainText("not accepted: HTTP_401, “Unauthorized”");
      bot.answer = (_, response) => void response.writeHead(200).end('{"ok":true}');
      expect(await page.content()).not.toContain(token);

      // Leaving the field empty keeps the token; the tick removes it.
      await page.getByLabel("Remove: Token of a Telegram bot").check();
      await page.getByLabel("Chat in Telegram").fill("");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved: 2 settings")).toBeVisible();
      await expect(page.getByText("No channel is set up: nobody is notified.")).toBeVisible();
      await page.goto("/admin/settings");
      expect(await page.content()).not.toContain(token);
    });
  });
