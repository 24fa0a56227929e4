import type { Locator, Page } from "@playwright/test";
import { openAsAdmin } from "./admin-people";
import { expect } from "./fixtures";
import { type OtherSite, startOtherSite } from "./other-site";
import { testOnOwnStack } from "./own-stack";
import { fillRegistration, newPerson, type Person, sendRegistration } from "./people";
import type { Stack } from "./stack";
import { accessibilityViolations } from "./violations";

// What an owner does without touching code, from the first question to a form on another site, on a stack of one's own.

const test = testOnOwnStack("owner-story").extend<object, { shop: OtherSite }>({
  shop: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
    async ({}, use) => {
      const shop = await startOtherSite();
      await use(shop);
      await shop.close();
    },
    { scope: "worker" },
  ],
});

test.use({ locale: "en-US" });

const check = (page: Page) => page.getByRole("button", { name: "Check and show what changes" }).click();

/** A person's deal on the portal, with its rows, once it is there. */
async function dealOf({ db, portal }: Stack, { email }: Person) {
  const user = await db.user.findUniqueOrThrow({ where: { email } });
  const find = () => [...portal.deals.values()].find(({ originId }) => originId === `user-${user.id}`);
  const rowsOf = () => portal.rows.get(find()?.id ?? 0) ?? [];
  await expect.poll(() => rowsOf().length).toBe(1);
  return { user, deal: find(), rows: rowsOf() };
}

/** A guest's page beside the administrator's. */
async function guest(page: Page, baseURL: string): Promise<Page> {
  const context = await page.context().browser()?.newContext({ baseURL, locale: "en-US" });
  if (!context) throw new Error("no browser");
  return context.newPage();
}

/** Adds a question in the editor and saves it. */
async function addQuestion(page: Page, label: string, kind: string, more: (fields: Locator) => Promise<void>) {
  const fields = page.getByRole("group", { name: "New question" });
  await fields.getByLabel("Type").selectOption({ label: kind });
  await fields.getByLabel("Label, English").fill(label);
  await more(fields);
  await check(page);
  await save(page);
  // The editor now has it.
  await expect(page.getByRole("group", { name: new RegExp(`^${label}`) })).toBeVisible();
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/^Saved/)).toBeVisible();
}

test("an owner asks, maps, previews, undoes, sells something else by a second form, and shows it on another site", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack, shop }) => {
  const items = ["Kazan", "Ufa"].map((value, index) => ({ id: 41 + index, value }));
  stack.portal.configure({
    products: [...stack.portal.settings.products, { ...product(stack), id: 1900, name: "Evening course", price: 80 }],
    userFields: {
      contact: [],
      deal: [{ name: "UF_CRM_CITY", type: "enumeration", title: "City of the deal", items }],
    },
  });

  // Two questions, one of them mandatory.
  await openAsAdmin(page, "/admin/settings/forms");
  await page.getByRole("link", { name: "Edit: Main form" }).click();
  await addQuestion(page, "City", "Choice", async (fields) => {
    await fields.getByLabel("Options, one per line").fill("Kazan\nUfa");
  });
  await addQuestion(page, "Promo code", "Text", async (fields) => {
    await fields.getByLabel("An answer is required").check();
  });
  expect(await accessibilityViolations(page)).toEqual([]);

  // One of them goes to a list field of the portal.
  await page.goto("/admin/settings/fields");
  await page.getByLabel("Value 1").selectOption({ label: "Answer to “city”" });
  await page.getByLabel("Field 1").selectOption({ label: "Deal: City of the deal (ufCrmCity)" });
  await check(page);
  await expect(page.locator("[data-preview]")).toContainText("City of the deal (ufCrmCity)");
  await save(page);

  // A guest answers both, and both are on the portal.
  const visitor = await guest(page, stack.baseURL);
  const person = newPerson();
  await visitor.goto("/register");
  await fillRegistration(visitor, person);
  await visitor.getByLabel("City").selectOption("Ufa");
  await sendRegistration(visitor);
  await expect(visitor.getByLabel("Promo code")).toHaveAccessibleDescription("Please fill this in.");
  await visitor.getByLabel("Promo code").fill("SPRING $total");
  await sendRegistration(visitor);
  await expect(visitor).toHaveURL("/account");
  const { user } = await dealOf(stack, person);
  const portalPage = await guest(page, stack.portalURL);
  await portalPage.goto("/");
  const card = portalPage.locator(`article[data-origin-id="user-${user.id}"][data-deal-id]`);
  await expect(card.locator("[data-user-field=UF_CRM_CITY]")).toHaveText("Ufa");
  await expect(card.locator("[data-comments]")).toHaveText("Promo code: SPRING $total");

  // The last change is undone: the question is gone, its answer is not.
  await page.goto("/admin/settings/forms");
  await page.getByRole("link", { name: "Edit: Main form" }).click();
  await page.getByRole("list", { name: "Changes" }).getByRole("button").first().click();
  await expect(page.getByText("The change was undone.")).toBeVisible();
  await visitor.context().clearCookies();
  await expect(async () => {
    await visitor.goto("/register");
    await expect(visitor.getByLabel("Promo code")).toHaveCount(0);
  }).toPass();
  await expect(visitor.getByLabel("City")).toBeVisible();
  expect(JSON.stringify((await dealOf(stack, person)).user.answers)).toContain("SPRING");

  // A second form sells another product.
  await page.goto("/admin/settings/forms");
  await page.getByLabel("Name for administrators").fill("Evenings");
  await page.getByLabel("Address").fill("evenings");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText("The form was added.")).toBeVisible();
  await page.getByRole("link", { name: "Edit: Evenings" }).click();
  await page.getByRole("link", { name: "Product and deal" }).click();
  await page.getByLabel("Product: own").check();
  await page.getByRole("combobox", { name: "Product", exact: true }).selectOption("1900");
  await check(page);
  await expect(page.locator("[data-preview]")).toContainText("1900");
  await save(page);

  // It stands in a page of another site, with that page's marks.
  await page.goto("/admin/settings/embed");
  await page.getByLabel("Sites that may show the form").fill("https://*.example.com");
  await check(page);
  await expect(page.getByText("an asterisk would let in sites that are not yours")).toBeVisible();
  await page.getByLabel("Sites that may show the form").fill(shop.origin);
  await check(page);
  await save(page);
  const line = await page.locator("pre", { hasText: 'data-form="evenings"' }).textContent();
  shop.show(line ?? "");
  // Every process reads settings and forms within seconds.
  const policy = async () =>
    (await fetch(`${stack.baseURL}/embed/evenings`)).headers.get("content-security-policy") ?? "";
  await expect.poll(policy).toContain(shop.origin);
  await visitor.goto(`${shop.origin}/evening?utm_source=shop&utm_campaign=autumn&gclid=Ab-1`);
  const form = visitor.frameLocator("iframe");
  const other = newPerson();
  await fillRegistration(form, other);
  await sendRegistration(form);
  await expect(form.getByRole("heading", { name: "You are registered" })).toBeVisible();
  const sold = await dealOf(stack, other);
  expect(sold.deal).toMatchObject({ utmSource: "shop", utmCampaign: "autumn", opportunity: 80 });
  expect(sold.rows).toMatchObject([{ productId: 1900, quantity: 1, price: 80 }]);
  const { last } = await stack.db.attribution.findUniqueOrThrow({ where: { userId: sold.user.id } });
  expect(last).toMatchObject({ gclid: "Ab-1", landing: `${shop.origin}/evening` });
  // The first form is as it was.
  const { rows } = await dealOf(stack, person);
  expect(rows).toMatchObject([{ productId: 1777 }]);
  await visitor.context().close();
  await portalPage.context().close();
});

/** The product of the specification, as a model for another one. */
function product({ portal }: Stack) {
  const [first] = portal.settings.products;
  if (!first) throw new Error("the portal sells nothing");
  return first;
}
