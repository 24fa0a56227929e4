import { openAsAdmin } from "./admin-people";
import { expect } from "./fixtures";
import { testOnOwnStack } from "./own-stack";
import type { Stack } from "./stack";
import { accessibilityViolations, overflow } from "./violations";

// Paid registrations back to advertising, and what the settings make of a person, on a stack of one's own: files are for good.

const test = testOnOwnStack("conversions");

async function paidPerson({ db }: Stack, marks: Record<string, string>) {
  const number = await db.user.count();
  const { id } = await db.user.create({
    data: {
      email: `paid${number}@example.com`,
      firstName: "Olga",
      phone: `+7999555${String(1000 + number)}`,
      isPaid: true,
      paidAt: new Date("2026-06-02T21:30:05Z"),
      crmState: "SYNCED",
      crmProduct: { id: 1777, name: "Course", priceUsd: 149.5 },
      attribution: { create: { first: marks, last: marks } },
    },
    select: { id: true },
  });
  return id;
}

for (const locale of ["en-US", "ru-RU"])
  test.describe(locale, () => {
    test.use({ locale });
    const english = locale === "en-US";

    test(
      `an administrator makes files of conversions, and takes one back: ${locale}`,
      { tag: ["@stack", "@desktop"] },
      async ({ page, stack }, info) => {
        await stack.db.conversion.deleteMany();
        await stack.db.conversionExport.deleteMany();
        const id = await paidPerson(stack, { gclid: "Cj0K_-x", utm_source: "google" });
        await paidPerson(stack, { yclid: "1234567890", utm_source: "yandex" });
        await openAsAdmin(page, "/admin/conversions");
        const ready = Number(/\d+$/.exec((await page.locator("[data-ready=google]").innerText()) ?? "")?.[0]);
        expect(ready).toBeGreaterThan(0);
        const make = page.getByRole("button", { name: english ? "Create the file" : "Создать файл", exact: true });
        for (const place of [0, 1]) {
          await make.nth(place).click();
          await expect(page.locator("[data-files] li")).toHaveCount(place + 1);
        }
        await expect(page.locator("[data-ready=google]")).toContainText(": 0");
        expect(await accessibilityViolations(page)).toEqual([]);

        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.locator("[data-files] a").first().click(),
        ]);
        expect(download.suggestedFilename()).toMatch(/^google-add-\d+\.csv$/);

        await stack.db.user.update({ where: { id }, data: { isPaid: false, paidAt: null } });
        await page.reload();
        await expect(page.locator("[data-undone=google]")).toBeVisible();
        for (const width of [1280, 360]) {
          await page.setViewportSize({ width, height: 900 });
          expect(await overflow(page)).toBe(0);
          await page.screenshot({ path: info.outputPath(`conversions-${locale}-${width}.png`), fullPage: true });
        }
        await page
          .getByRole("button", { name: english ? "Create the file that retracts them" : "Создать файл отмены" })
          .click();
        await expect(page.locator("[data-files] li")).toHaveCount(3);
        await expect(page.locator("[data-undone=google]")).toHaveCount(0);
      },
    );

    test(
      `an administrator sees what changed settings make of a person: ${locale}`,
      { tag: ["@stack", "@desktop"] },
      async ({ page, stack }, info) => {
        const id = await paidPerson(stack, { utm_source: "vk", gclid: "Cj0K", referrer: "https://vk.com/" });
        await openAsAdmin(page, "/admin/settings/deal");
        await page.getByLabel(english ? "Title of the deal" : "Название сделки").fill("{utm_source} / {number}");
        await page
          .getByRole("button", { name: english ? "Check and show what changes" : "Проверить и показать изменения" })
          .click();
        await page.getByLabel(english ? "For a person" : "Для человека").fill(String(id));
        await page.getByRole("button", { name: english ? "Show for this person" : "Показать для него" }).click();
        await expect(page.locator("[data-preview]")).toContainText(`vk / ${id}`);
        await expect(
          page.locator("[data-preview]").getByText(english ? "contact, deal" : "контактом, сделкой"),
        ).toBeVisible();
        await expect(page.locator("[data-preview]")).not.toContainText("{");
        expect(await accessibilityViolations(page)).toEqual([]);
        for (const width of [1280, 360]) {
          await page.setViewportSize({ width, height: 900 });
          expect(await overflow(page)).toBe(0);
          await page.screenshot({ path: info.outputPath(`dry-run-${locale}-${width}.png`), fullPage: true });
        }
        expect(await stack.db.setting.count()).toBe(0);

        await page.goto(`/admin/users/${id}`);
        await page
          .getByRole("link", {
            name: english ? "Preview with current settings" : "Как выглядит с текущими настройками",
          })
          .click();
        await expect(page.locator("[data-preview]")).toContainText("https://vk.com/");
        expect(await accessibilityViolations(page)).toEqual([]);
      },
    );
  });
