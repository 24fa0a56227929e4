import { openAsAdmin } from "./admin-people";
import { expect } from "./fixtures";
import { testOnOwnStack } from "./own-stack";
import { fillRegistration, newPerson, sendRegistration } from "./people";
import { accessibilityViolations, overflow } from "./violations";

// What a site owner changes on the pages of settings, on a stack of one's own: others rely on the defaults.

const test = testOnOwnStack("owner-settings", { env: { OPERATOR_NAME: "Front Desk Ltd" } });

test.use({ locale: "en-US" });

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("an owner changes the deal's title, sees it in the next registration and undoes it", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      await openAsAdmin(page, "/admin/settings");
      await page.getByRole("link", { name: "Edit: Deal" }).click();
      await page.getByLabel("Title of the deal").fill("{nmae} no. {number}");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.getByText("There is no placeholder {nmae}")).toBeVisible();
      await expect(page.getByLabel("Title of the deal")).toHaveValue("{nmae} no. {number}");
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);

      await page.getByLabel("Title of the deal").fill("{name} no. {number}");
      // Nobody is ticked: the webhook's owner stays responsible.
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.locator("[data-preview]")).toContainText("Anna Smith no. 1");
      // The portal's own lists.
      await page.getByLabel("Source").selectOption({ label: "Call (CALL)" });
      await page.getByLabel("Maxim Manager (2)").check();
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.getByText("Nothing is saved yet")).toBeVisible();
      expect(await overflow(page)).toBe(0);
      await expect(page.locator("[data-preview]")).toContainText("Anna Smith no. 1");
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved: 3 settings")).toBeVisible();

      const person = newPerson();
      const visitor = await page.context().browser()?.newContext({ baseURL: stack.baseURL });
      if (!visitor) throw new Error("no browser");
      const form = await visitor.newPage();
      await form.goto("/register");
      await fillRegistration(form, person);
      await sendRegistration(form);
      await expect(form).toHaveURL(/\/account/);
      const { id } = await stack.db.user.findFirstOrThrow({ where: { email: person.email } });
      await expect
        .poll(() => [...stack.portal.deals.values()].find(({ originId }) => originId === `user-${id}`))
        .toMatchObject({
          title: `${person.firstName} ${person.lastName} no. ${id}`,
          sourceId: "CALL",
          assignedById: 2,
        });
      await visitor.close();

      await page.goto("/admin/settings");
      await page.getByRole("list", { name: "Changes" }).getByRole("button").first().click();
      await expect(page.getByText("The change was undone.")).toBeVisible();
      expect(await stack.db.setting.count({ where: { key: { in: ["dealTitle", "source", "responsible"] } } })).toBe(0);
    });
  });

test("an owner fills fields that the portal demands, after seeing what arrives there", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const field = (name: string, title: string) => ({ name, title, type: "string" as const });
  stack.portal.configure({
    userFields: { contact: [], deal: [field("UF_CRM_BRANCH", "Branch"), field("UF_CRM_CLICK", "Click")] },
    required: { contact: [], deal: ["UF_CRM_BRANCH"] },
  });
  await openAsAdmin(page, "/admin/settings/fields");
  await expect(page.getByRole("alert")).toContainText("Branch");
  await page.getByLabel("Value 1").selectOption({ label: "A fixed text" });
  await page.getByLabel("Fixed text 1").fill("North, $total");
  await page.getByLabel("Field 1").selectOption({ label: "Deal: Branch (ufCrmBranch) *" });
  await page.getByLabel("Value 2").selectOption({ label: "gclid" });
  await page.getByLabel("Field 2").selectOption({ label: "Deal: Click (ufCrmClick)" });
  await page.getByRole("button", { name: "Check and show what changes" }).click();
  await expect(page.getByText("as a command")).toBeVisible();
  await expect(page.getByLabel("Fixed text 1")).toHaveValue("North, $total");
  expect(await accessibilityViolations(page)).toEqual([]);

  await page.getByLabel("Fixed text 1").fill("North, west");
  await page.getByRole("button", { name: "Check and show what changes" }).click();
  await expect(page.locator("[data-preview]")).toContainText("North, west");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved: 1 setting")).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await stack.db.setting.deleteMany();
  stack.portal.configure({ userFields: { contact: [], deal: [] }, required: { contact: [], deal: [] } });
});

test(
  "a mandatory field that only some people fill is told in red, and gets a text for the others",
  { tag: ["@stack", "@desktop"] },
  async ({ page, stack }, info) => {
    const firm = { name: "UF_CRM_FIRM", title: "Firm", type: "string" as const, required: true };
    stack.portal.configure({ userFields: { contact: [], deal: [firm] }, required: { contact: [], deal: [] } });
    await openAsAdmin(page, "/admin/settings/fields");
    await expect(page.getByRole("alert")).toContainText("nothing fills");
    await page.getByLabel("Value 1").selectOption("company");
    await page.getByLabel("Field 1").selectOption({ label: "Deal: Firm (ufCrmFirm) *" });
    await page.getByRole("button", { name: "Check and show what changes" }).click();
    await expect(page.getByText("only some people have the value")).toBeVisible();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByLabel("Fixed text 1").fill("Private, no firm");
    await page.getByRole("button", { name: "Check and show what changes" }).click();
    await expect(page.getByText("only some people have the value")).toHaveCount(0);
    await expect(page.getByText("Company / “Private, no firm” → deal.ufCrmFirm")).toBeVisible();
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overflow(page)).toBe(0);
      await page.screenshot({ path: info.outputPath(`fallback-${width}.png`), fullPage: true });
    }
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved: 1 setting")).toBeVisible();
    await expect(page.getByLabel("Fixed text 1")).toHaveValue("Private, no firm");
    await expect(page.getByRole("alert")).toHaveCount(0);
    await stack.db.setting.deleteMany();
    stack.portal.configure({ userFields: { contact: [], deal: [] }, required: { contact: [], deal: [] } });
  },
);

test("a change is not undone to what the portal no longer has, and the page says why", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  await stack.db.setting.create({ data: { key: "source", value: "CALL" } });
  const changes = { source: { from: "GONE", to: "CALL" } };
  await stack.db.settingChange.create({ data: { actorKind: "SYSTEM", actorId: null, changes } });
  await openAsAdmin(page, "/admin/settings");
  await page.getByRole("list", { name: "Changes" }).getByRole("button").first().click();
  await expect(page.getByRole("alert")).toContainText("Source: The portal has no source GONE.");
  expect(await accessibilityViolations(page)).toEqual([]);
  expect((await stack.db.setting.findUniqueOrThrow({ where: { key: "source" } })).value).toBe("CALL");
  await stack.db.setting.deleteMany();
});

test("what stands in the environment is locked, and the site's name is the owner's", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  await openAsAdmin(page, "/admin/settings/site");
  await expect(page.getByText("Set by the environment variable OPERATOR_NAME")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Operator", exact: true })).toHaveCount(0);
  await page.getByLabel("Name of the site").fill("Clinic No. 7");
  await page.getByLabel("Privacy policy").fill("https://example.com/policy");
  await page.getByRole("button", { name: "Check and show what changes" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved: 2 settings")).toBeVisible();
  await expect(page.getByRole("banner").getByRole("link", { name: "Clinic No. 7" })).toBeVisible();
  await expect(page).toHaveTitle(/ · Clinic No\. 7$/);
  await expect(page.getByRole("contentinfo").getByRole("link", { name: "Privacy policy" })).toHaveAttribute(
    "href",
    "https://example.com/policy",
  );
  await page.getByRole("button", { name: "Русский" }).click();
  await expect(page.getByRole("heading", { name: "Сайт" })).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);
  await stack.db.setting.deleteMany();
});

test("settings that are changed again right after saving, while the page's data are loaded, are told of no colleague", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  await openAsAdmin(page, "/admin/settings/site");
  const name = page.getByLabel("Name of the site");
  const check = page.getByRole("button", { name: "Check and show what changes" });
  const save = page.getByRole("button", { name: "Save" });
  const site = (text: string) => page.getByRole("banner").getByRole("link", { name: text });
  let release = () => {};
  let held = Promise.resolve();
  await page.route(/\/admin\/settings\/site\.data/, async (route) => {
    if (route.request().method() === "GET") await held;
    await route.continue();
  });
  /** Saves a name, whose page has not loaded its data again until `release` is called. */
  const saveName = async (text: string) => {
    await name.fill(text);
    await check.click();
    await expect(page.getByText("Nothing is saved yet")).toBeVisible();
    await expect(save).toBeEnabled();
    held = new Promise((resolve) => {
      release = resolve;
    });
    await save.click();
    await expect(page.getByText("Saved: 1 setting")).toBeVisible();
    await expect(name).toHaveValue(text);
  };
  await saveName("First");
  await name.evaluate((field: HTMLInputElement) => {
    field.focus();
    field.setSelectionRange(1, 3);
  });
  release();
  await expect(site("First")).toBeVisible();
  await expect(name).toBeFocused();
  expect(await name.evaluate((field: HTMLInputElement) => [field.selectionStart, field.selectionEnd])).toEqual([1, 3]);

  await saveName("Second");
  await name.fill("Third");
  release();
  await expect(site("Second")).toBeVisible();
  await expect(name).toHaveValue("Third");
  await check.click();
  await expect(page.getByText("Nothing is saved yet")).toBeVisible();
  await save.click();
  await expect(site("Third")).toBeVisible();
  await stack.db.setting.deleteMany();
});
