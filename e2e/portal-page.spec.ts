import { expect, test } from "./fixtures";
import { accessibilityViolations, overflow } from "./violations";

// The stand-in portal's own pages: what a tester or a demo's guest plays the portal's staff with.

for (const locale of ["en-US", "ru-RU"])
  test.describe(locale, () => {
    test.use({ locale });

    test("the portal's pages have no accessibility violations and fit the screen", { tag: "@stack" }, async ({
      page,
      stack,
    }) => {
      const [ids] = stack.portal.addInstallation({ originatorId: "elsewhere", count: 1 });
      await page.goto(stack.portalURL);
      await page.locator(`#deal-hands-${ids?.dealId} summary`).click();
      await page.locator(`#contact-hands-${ids?.contactId} summary`).click();
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await page.goto(`${stack.portalURL}/settings`);
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    });
  });

test("an unfolded part stays unfolded while the page is updated", { tag: ["@stack", "@desktop"] }, async ({
  browser,
  stack,
}) => {
  const { dealId } = stack.portal.addInstallation({ originatorId: "elsewhere", count: 1 })[0] ?? {};
  const page = await browser.newPage({ baseURL: stack.portalURL, locale: "en-US" });
  await page.goto("/");
  const hands = page.locator(`#deal-hands-${dealId}`);
  await hands.getByText("As a manager").click();
  await page.locator("h1").click();
  stack.portal.staff.updateDeal(dealId ?? 0, { title: "Another title" });
  await expect(page.getByRole("heading", { name: "Another title" })).toBeVisible();
  await expect(hands).toHaveAttribute("open", "");
  const currency = hands.getByLabel("Currency");
  // As a person would hold it: otherwise the page may be updated again meanwhile, and what was chosen be gone.
  await currency.focus();
  await currency.selectOption("RUB");
  await hands.getByRole("button", { name: "Sell in it" }).click();
  await expect.poll(() => stack.portal.deals.get(dealId ?? 0)?.currencyId).toBe("RUB");
  await page.close();
});

test("a stage that is chosen while the page's news are on their way stays chosen", {
  tag: ["@stack", "@desktop"],
}, async ({ browser, stack }) => {
  const { id } = stack.portal.staff.addDeal({ title: "To be won" });
  const page = await browser.newPage({ baseURL: stack.portalURL, locale: "en-US" });
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/content*", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/");
  const asked = page.waitForRequest("**/content*");
  stack.portal.staff.addDeal({ title: "News" });
  await asked;
  const card = page.locator(`[data-deal-id="${id}"]`);
  await card.getByLabel("Stage").focus();
  await card.getByLabel("Stage").selectOption("WON");
  const told = page.waitForResponse("**/content*");
  release();
  await (await told).finished();
  await card.getByRole("button", { name: "Move" }).click();
  await expect.poll(() => stack.portal.deals.get(id)?.stageId).toBe("WON");
  await page.close();
});

test.describe("a kind of portal", () => {
  test.use({ portalPreset: "three-byte-box" });

  test("is there for the tests that ask for it", { tag: ["@stack", "@desktop"] }, ({ stack }) => {
    expect(stack.portal.preset).toBe("three-byte-box");
    expect(stack.portal.settings).toMatchObject({ switches: { fourByteText: "refused" }, limits: { bucket: 0 } });
  });
});

test("and for them only", { tag: ["@stack", "@desktop"] }, ({ stack }) => {
  expect(stack.portal.preset).toBe("lenient");
});
