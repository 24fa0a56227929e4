import type { Page } from "@playwright/test";
import { clickTwice, openAsAdmin, switchLanguage } from "./admin-people";
import { expect, test } from "./fixtures";
import { accessibilityViolations, overflow } from "./violations";

test.use({ locale: "en-US" });

/** The whole of it: without a script the page is read while it still arrives. */
async function shownToken(page: Page): Promise<string> {
  const token = page.locator("[data-token]");
  await expect(token).toHaveText(/^b24r_[\w-]{43}$/);
  return token.innerText();
}

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", {
    tag: javaScriptEnabled ? "@stack" : ["@stack", "@desktop"],
  }, () => {
    test.use({ javaScriptEnabled });

    test("a token is made, shown once, used and revoked", async ({ page, stack, playwright }) => {
      const name = `Accounting ${crypto.randomUUID()}`;
      const admin = await stack.db.user.findFirstOrThrow({ where: { role: "ADMIN" } });
      // Without the page's cookies: the token alone must open it.
      const program = await playwright.request.newContext({ baseURL: stack.baseURL });
      const use = async (token: string) =>
        (await program.get(`/api/users/${admin.id}`, { headers: { authorization: `Bearer ${token}` } })).status();

      await openAsAdmin(page, "/admin/tokens");
      await page.getByLabel("Name").fill(name);
      await page.getByRole("button", { name: "Create the token" }).click();
      await expect(page.getByText(`The token “${name}” was created`)).toBeVisible();
      const token = await shownToken(page);
      expect(await use(token)).toBe(200);
      if (javaScriptEnabled) {
        await switchLanguage(page, "ru");
        expect(await shownToken(page)).toBe(token);
        await switchLanguage(page, "en");
      }

      await page.goto("/admin/tokens");
      await expect(page.locator("[data-token]")).toHaveCount(0);
      expect(await page.content()).not.toContain(token);
      const entry = page.getByRole("listitem").filter({ hasText: name });
      await expect(entry).toContainText("Last used");
      await expect(entry).toContainText("active");
      await expect(entry).toContainText("May: see, payments, registrations");
      await expect(entry).toContainText("127.0.0.1");

      await page.getByRole("link", { name: `Revoke the token ${name}` }).click();
      await expect(page.getByText(`Revoke the token “${name}”?`)).toBeVisible();
      expect(await use(token)).toBe(200);
      await page.getByRole("button", { name: "Revoke the token" }).click();
      await expect(page.getByText(`The token “${name}” was revoked.`)).toBeVisible();
      await expect(entry).toContainText("revoked");
      expect(await use(token)).toBe(401);
      await program.dispose();

      await page.goto("/admin/audit?action=token.revoke");
      await expect(page.getByRole("list", { name: "Changes, the newest first" })).toContainText("Revoked an API token");
      await page.getByLabel("What").selectOption({ label: "Paused the queue" });
      await page.getByRole("button", { name: "Show" }).click();
      await expect(page).toHaveURL(/action=crm\.pause/);
    });

    test("a token may be allowed less, and for a shorter time", async ({ page, stack, playwright }) => {
      const name = `Reader ${crypto.randomUUID()}`;
      await openAsAdmin(page, "/admin/tokens");
      await page.getByLabel("Name").fill(name);
      for (const label of ["See people", "Change payments", "Send registrations", "Register new people"])
        await page.getByLabel(label).uncheck();
      await page.getByRole("button", { name: "Create the token" }).click();
      await expect(page.getByText("Please fill this in.")).toBeVisible();
      await expect(page.getByLabel("Name")).toHaveValue(name);
      await expect(page.getByLabel("Change payments")).not.toBeChecked();
      await page.getByLabel("See people").check();
      await page.getByLabel("Valid for").selectOption("30 days");
      await page.getByRole("button", { name: "Create the token" }).click();

      const token = await shownToken(page);
      const row = await stack.db.apiToken.findFirstOrThrow({ where: { name } });
      expect(row.scopes).toEqual(["read"]);
      expect(Math.round((row.expiresAt.getTime() - Date.now()) / 86_400_000)).toBe(30);
      const program = await playwright.request.newContext({ baseURL: stack.baseURL });
      const headers = { authorization: `Bearer ${token}` };
      const admin = await stack.db.user.findFirstOrThrow({ where: { role: "ADMIN" } });
      expect((await program.get(`/api/users/${admin.id}`, { headers })).status()).toBe(200);
      const data = { userId: admin.id, isPaid: false };
      expect((await program.post("/api/users/update-payment", { headers, data })).status()).toBe(403);
      await program.dispose();
    });

    test("a token without a name is not made", async ({ page, stack }) => {
      const before = await stack.db.apiToken.count();
      await openAsAdmin(page, "/admin/tokens");
      await page.getByLabel("Name").fill("   ");
      await page.getByRole("button", { name: "Create the token" }).click();
      await expect(page.getByText("Please fill this in.")).toBeVisible();
      expect(await stack.db.apiToken.count()).toBe(before);
    });
  });

test("changes are paged, and an invalid filter is ignored with a message", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const admin = await stack.db.user.findFirstOrThrow({ where: { role: "ADMIN" } });
  const targetId = 1_234_567;
  await stack.db.auditEntry.createMany({
    data: Array.from({ length: 60 }, () => ({
      actorKind: "USER" as const,
      actorId: admin.id,
      action: "session.endAll",
      targetId,
      details: { ended: 3 },
    })),
  });
  await openAsAdmin(page, `/admin/audit?target=${targetId}`);
  const entries = page.getByRole("list", { name: "Changes, the newest first" }).getByRole("listitem");
  await expect(entries).toHaveCount(50);
  await expect(entries.first()).toContainText("Ended all sessions");
  await expect(entries.first()).toContainText("3 sessions");
  await expect(entries.first()).toContainText("Administrator");
  await page.getByRole("link", { name: "Older" }).click();
  await expect(entries).toHaveCount(10);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(entries).toHaveCount(50);

  await page.goto("/admin/audit?who=nobody&target=7&action=drop");
  await expect(
    page.getByText("Some filters in this page's address are invalid and were ignored: who, action."),
  ).toBeVisible();
  await page.goto("/admin/audit?target=2000000000");
  await expect(page.getByText("No such changes")).toBeVisible();
});

test("two clicks are one token", { tag: ["@stack", "@desktop"] }, async ({ page, stack }) => {
  const name = `Clicked twice ${crypto.randomUUID()}`;
  await openAsAdmin(page, "/admin/tokens");
  await page.getByLabel("Name").fill(name);
  await clickTwice(page, page.getByRole("button", { name: "Create the token" }));
  await expect(page.locator("[data-token]")).toBeVisible();
  expect(await stack.db.apiToken.count({ where: { name } })).toBe(1);
});

test("the audit log describes an export in the reader's language", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const details = { paid: false, crm: "failed", source: "(none)", from: "2026-01-01", to: null, searched: true };
  await stack.db.auditEntry.create({ data: { actorKind: "SYSTEM", action: "users.export", details } });
  await openAsAdmin(page, "/admin/audit?action=users.export&who=SYSTEM");
  await expect(
    page.getByText(
      "failed · registered from 2026-01-01 · only not paid · no source · with a search or a certain source",
    ),
  ).toBeVisible();
  await page.getByRole("button", { name: "Русский" }).click();
  await expect(
    page.getByText(
      "не отправлены · регистрация с 2026-01-01 · только неоплаченные · без источника · с поиском или определённым источником",
    ),
  ).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const)
  test.describe(colorScheme, { tag: colorScheme === "light" ? [] : "@desktop" }, () => {
    test.use({ colorScheme });

    test("tokens and changes have no accessibility violations in either language, and need no scrolling sideways", {
      tag: "@stack",
    }, async ({ page }) => {
      await openAsAdmin(page, "/admin/tokens");
      await page.getByLabel("Name").fill("Программасоченьдлиннымназваниембезпробелов".repeat(2));
      await page.getByRole("button", { name: "Create the token" }).click();
      await expect(page.locator("[data-token]")).toBeVisible();
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 700 });
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        expect(await accessibilityViolations(page)).toEqual([]);
      }
      for (const [path, language] of [
        ["/admin/audit", "Русский"],
        ["/admin/tokens", "English"],
      ] as const) {
        await page.goto(path);
        await page.getByRole("button", { name: language }).click();
        await expect(page.locator("html")).toHaveAttribute("lang", language === "English" ? "en" : "ru");
        expect(await accessibilityViolations(page)).toEqual([]);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
      }
    });
  });
