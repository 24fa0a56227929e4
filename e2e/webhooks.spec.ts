import { isSigned, startReceiver } from "../server/test/receiver";
import { makePeople, openAsAdmin, switchLanguage } from "./admin-people";
import { expect, test } from "./fixtures";
import { accessibilityViolations, overflow } from "./violations";

test.use({ locale: "en-US" });

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", {
    tag: javaScriptEnabled ? "@stack" : ["@stack", "@desktop"],
  }, () => {
    test.use({ javaScriptEnabled });

    test("a webhook is made, tried out, told of a payment, sent again and removed", async ({ page, stack }) => {
      const receiver = await startReceiver();
      const entry = page
        .getByRole("list", { name: "All webhooks" })
        .getByRole("listitem")
        .filter({ hasText: receiver.url });
      const log = page
        .getByRole("list", { name: "Latest messages" })
        .getByRole("listitem")
        .filter({ hasText: receiver.url });

      await openAsAdmin(page, "/admin/webhooks");
      await page.getByLabel("Address").fill("https://127.0.0.2/hook");
      await page.getByRole("button", { name: "Create the webhook" }).click();
      await expect(page.getByText("This address is inside the internal network.")).toBeVisible();
      await page.getByLabel("Address").fill(receiver.url);
      await page.getByLabel("A registration failed permanently").uncheck();
      await page.getByRole("button", { name: "Create the webhook" }).click();
      const secret = await page.locator("[data-token]").innerText();
      expect(secret).toMatch(/^whsec_/);
      if (javaScriptEnabled) {
        await switchLanguage(page, "ru");
        await expect(page.locator("[data-token]")).toHaveText(secret);
        await switchLanguage(page, "en");
      }
      await page.goto("/admin/webhooks");
      expect(await page.content()).not.toContain(secret);

      await page.getByRole("button", { name: `Send a test message to ${receiver.url}` }).click();
      await expect(page.getByText("A test message is on its way.")).toBeVisible();
      // A registration of the test before may arrive meanwhile, which is told as well.
      const tried = () => receiver.received.filter(({ body }) => JSON.parse(body).type === "webhook.test");
      await expect.poll(() => tried().length).toBe(1);
      const [message] = tried();
      expect(message && isSigned(message, secret)).toBe(true);

      const [user] = (await makePeople(stack, [{}])).users;
      await stack.db.user.update({ where: { id: user?.id ?? 0 }, data: { isPaid: true, paidAt: new Date() } });
      await expect.poll(() => receiver.of(user?.id ?? 0).length).toBe(1);
      const [payment, trial] = ["A payment changed", "Test message"].map((hasText) => log.filter({ hasText }));
      if (!payment || !trial) throw new Error("no messages");
      await expect(async () => {
        await page.goto("/admin/webhooks");
        for (const sent of [payment, trial]) await expect(sent).toContainText("delivered", { timeout: 1_000 });
      }).toPass();
      await payment.getByText("Content").click();
      await expect(payment.getByText('"type":"payment.changed"')).toBeVisible();
      await payment.getByRole("button").click();
      await expect.poll(() => receiver.of(user?.id ?? 0).length).toBe(2);

      await entry.getByRole("button", { name: "Switch off" }).click();
      await expect(entry.getByRole("button", { name: "Switch on" })).toBeVisible();
      for (const sent of [payment, trial]) await expect(sent).toHaveCount(1);
      await expect(log.getByRole("button", { name: "again" })).toHaveCount(0);
      await entry.getByRole("link", { name: "Remove" }).click();
      await page.getByRole("button", { name: "Remove the webhook" }).click();
      await expect(page.getByText("The webhook was removed.")).toBeVisible();
      await expect(entry).toHaveCount(0);
      await receiver.close();
    });
  });

test("webhooks have no accessibility violations in either language, and need no scrolling sideways", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const receiver = await startReceiver((_, response) => void response.writeHead(500).end());
  await openAsAdmin(page, "/admin/webhooks");
  await page.getByLabel("Address").fill(`${receiver.url}/${"oneverylongpathwithoutanyspaces".repeat(4)}`);
  await page.getByRole("button", { name: "Create the webhook" }).click();
  await expect(page.locator("[data-token]")).toBeVisible();
  await page.getByRole("button", { name: `Send a test message to ${receiver.url}` }).click();
  await expect.poll(() => receiver.received.length).toBeGreaterThan(0);
  for (const language of ["Русский", "English"]) {
    await page.getByRole("button", { name: language }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", language === "English" ? "en" : "ru");
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 700 });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await accessibilityViolations(page)).toEqual([]);
    }
  }
  await stack.db.webhook.deleteMany({ where: { url: { startsWith: receiver.url } } });
  await receiver.close();
});
