import { makePeople, openAsAdmin, openWithScript } from "./admin-people";
import { expect, test } from "./fixtures";
import { accessibilityViolations, overflow } from "./violations";

test.use({ locale: "en-US" });

test.describe("on a laptop", () => {
  test.use({ viewport: { width: 1280, height: 800 } });

  test("thirty people are on the screen, and the times of today are told in minutes", {
    tag: ["@stack", "@desktop"],
  }, async ({ page, stack }) => {
    const { users, list } = await makePeople(
      stack,
      Array.from({ length: 40 }, (_, index) => ({ createdAt: new Date(Date.now() - 90_000 - index) })),
    );
    await openAsAdmin(page, "/admin/users");
    const items = page.getByRole("list", { name: "Registered people" }).getByRole("listitem");
    await expect(items.nth(30)).toBeAttached();
    const box = await items.nth(29).boundingBox();
    expect((box?.y ?? 800) + (box?.height ?? 0)).toBeLessThanOrEqual(800);

    // On the first page of the whole list may stand those alone whom other specs have registered just now.
    await page.goto(list);
    const time = items.filter({ hasText: users[2]?.email ?? "" }).locator("time");
    await expect(time).toHaveText(/ago$/);
    await expect(time).toHaveAttribute("title", /\d{4} at \d\d:\d\d/);
  });

  test("an entry of the audit log is a line as high as a person of the list", { tag: ["@stack", "@desktop"] }, async ({
    page,
    stack,
  }) => {
    const { users } = await makePeople(stack, [{}]);
    const targetId = users[0]?.id ?? 0;
    await stack.db.auditEntry.createMany({
      data: Array.from({ length: 3 }, () => ({ actorKind: "SYSTEM" as const, action: "session.endAll", targetId })),
    });
    await openAsAdmin(page, `/admin/audit?target=${targetId}`);
    const items = page.getByRole("list", { name: "Changes, the newest first" }).getByRole("listitem");
    await expect(items).toHaveCount(3);
    for (const item of await items.all()) expect((await item.boundingBox())?.height).toBe(24);
  });
});

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    for (const width of [320, 1280])
      test(`each filter that is set can be taken away, ${width} pixels wide`, { tag: ["@stack", "@desktop"] }, async ({
        page,
        stack,
      }) => {
        const { company, list } = await makePeople(stack, [{}, { isPaid: true, paidAt: new Date() }, { source: "ad" }]);
        await page.setViewportSize({ width, height: 800 });
        await openAsAdmin(page, list);
        const set = page.getByRole("list", { name: "Filters that are set" });
        await expect(set.getByRole("link", { name: `Remove the filter “@${company}”` })).toBeVisible();

        await page.getByLabel("Payment", { exact: true }).selectOption({ label: "Not paid" });
        await expect(page.getByLabel("Source")).toBeHidden();
        await page.getByText("More filters").click();
        await page.getByLabel("Source").selectOption({ label: "ad" });
        if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        await page.getByRole("button", { name: "Show", exact: true }).click();
        await expect(page.getByText("1 person found")).toBeVisible();
        await expect(page.getByLabel("Source")).toBeHidden();
        if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);

        await set.getByRole("link", { name: "Remove the filter Source: ad" }).click();
        await expect(page.getByText("2 people found")).toBeVisible();
        await set.getByRole("link", { name: "Remove the filter Not paid" }).click();
        await expect(page.getByText("3 people found")).toBeVisible();
        await set.getByRole("link", { name: "Reset all" }).click();
        await expect(page).toHaveURL("/admin/users");
        await expect(set).toHaveCount(0);
      });
  });

test("Escape closes the further filters and gives the focus back", { tag: ["@stack", "@desktop"] }, async ({
  page,
}) => {
  await openWithScript(page, "/admin/users");
  const more = page.locator("summary", { hasText: "More filters" });
  await more.focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Order").focus();
  await page.keyboard.press("Escape");
  await expect(page.getByLabel("Order")).toBeHidden();
  await expect(more).toBeFocused();
});

test("what is typed into the search before the page's script has loaded stays", {
  tag: ["@stack", "@desktop"],
}, async ({ page }) => {
  await openAsAdmin(page, "/admin/users");
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/*.js", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/admin/users", { waitUntil: "commit" });
  const search = page.getByRole("searchbox");
  await search.fill("anna");
  await page.locator("summary", { hasText: "More filters" }).click();
  const order = page.getByLabel("Order");
  await order.selectOption({ index: 1 });
  const chosen = await order.inputValue();
  release();
  // Only the script closes them so.
  await expect
    .poll(async () => {
      await page.keyboard.press("Escape");
      return order.isVisible();
    })
    .toBe(false);
  await expect(search).toHaveValue("anna");
  await expect(order).toHaveValue(chosen);
});

test("a half-typed day in the closed further filters is shown when the search is refused for it", {
  tag: ["@stack", "@desktop"],
}, async ({ page }) => {
  await openWithScript(page, "/admin/users");
  const more = page.locator("summary", { hasText: "More filters" });
  const from = page.getByLabel(/^Registered from/);
  await more.click();
  await from.focus();
  await page.keyboard.type("12");
  await page.keyboard.press("Escape");
  await expect(from).toBeHidden();
  await page.getByRole("search").getByRole("button", { name: "Show" }).click();
  await expect(from).toBeFocused();
  expect(await from.evaluate((input: HTMLInputElement) => input.validationMessage)).toMatch(/There is no such day/);
});

test("a half-typed day is refused in the page's words, and no longer once it is taken out again", {
  tag: ["@stack", "@desktop"],
}, async ({ page }) => {
  await openWithScript(page, "/admin/users");
  const more = page.locator("summary", { hasText: "More filters" });
  const from = page.getByLabel(/^Registered from/);
  const show = page.getByRole("search").getByRole("button", { name: "Show" });
  await more.click();
  await from.focus();
  await page.keyboard.type("12");
  await show.click();
  await expect
    .poll(() => from.evaluate((input: HTMLInputElement) => input.validationMessage))
    .toMatch(/There is no such day/);
  await from.focus();
  await page.keyboard.press("Backspace");
  await expect.poll(() => from.evaluate((input: HTMLInputElement) => input.validationMessage)).toBe("");
  await show.click();
  await expect(page).toHaveURL(/\/admin\/users\?/);
});

test("a refused day stays where it was typed, also if another filter is changed with it", {
  tag: ["@stack", "@desktop"],
}, async ({ page }) => {
  await openWithScript(page, "/admin/users");
  const from = page.getByLabel(/^Registered from/);
  const more = page.locator("summary", { hasText: "More filters" });
  await more.click();
  // As a browser has it that does not know the limits of days.
  await from.evaluate((input: HTMLInputElement) => input.removeAttribute("min"));
  await from.fill("0026-11-26");
  await page.getByRole("searchbox").fill("ivan");
  await page.getByRole("search").getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/q=ivan&.*from=0026/);
  await expect(from).toBeHidden();
  await more.click();
  await expect(from).toHaveValue("0026-11-26");
});
