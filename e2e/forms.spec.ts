import { makePeople, openAsAdmin } from "./admin-people";
import { expect } from "./fixtures";
import { testOnOwnStack } from "./own-stack";
import { fillRegistration, newPerson, onPortal, sendRegistration } from "./people";
import { accessibilityViolations, overflow } from "./violations";

// Several registration forms and the pages on which they are made, on a stack of their own.

const test = testOnOwnStack("forms", {
  prepare: ({ portal }) =>
    portal.configure({
      products: [
        { id: 1777, name: "Online course", price: 49, currency: "USD", active: true },
        { id: 1800, name: "Book", price: 20, currency: "USD", active: true },
      ],
    }),
});

test.use({ locale: "en-US" });

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("an owner makes a second form with another product and a question, and it makes that deal", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      const slug = javaScriptEnabled ? "books" : "plain-books";
      await openAsAdmin(page, "/admin/settings/forms");
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByLabel("Address").fill("Not an address");
      await page.getByLabel("Name for administrators").fill("Books");
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await expect(page.getByText("Lower-case Latin letters, digits and hyphens, such as")).toBeVisible();
      await expect(page.getByLabel("Name for administrators")).toHaveValue("Books");
      await page.getByLabel("Address").fill(slug);
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await expect(page.getByText("The form was added.")).toBeVisible();

      await page.getByRole("link", { name: `/register/${slug}` }).waitFor();
      await page
        .getByRole("listitem")
        .filter({ hasText: `/register/${slug}` })
        .getByRole("link", { name: "Edit: Books" })
        .click();
      // Product and deal is a place of its own, with what the next registration makes beside it.
      const section = (name: string) => page.getByRole("navigation", { name: "Parts of this form" }).getByText(name);
      await section("Product and deal").click();
      await expect(page.locator("[data-preview]")).toContainText("1777");
      await page.getByLabel("Product: own").check();
      await page.getByLabel("Product", { exact: true }).selectOption({ label: "Book (1800)" });
      await page.getByLabel("Title of the deal: own").check();
      await page.getByLabel("Title of the deal", { exact: true }).fill("{nmae}");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.getByText("There is no placeholder {nmae}")).toBeVisible();
      await expect(page.getByLabel("Product: own")).toBeChecked();
      await page.getByLabel("Title of the deal", { exact: true }).fill("Book for {name}");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.locator("[data-preview]")).toContainText("Book for Anna Smith");
      await expect(page.locator("[data-preview]")).toContainText("1800");
      expect(await overflow(page)).toBe(0);
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved. Changes apply everywhere within seconds.")).toBeVisible();

      await section("Questions").click();
      await page.getByRole("textbox", { name: "Heading, English" }).fill("Order a book");
      const added = page.getByRole("group", { name: "New question" });
      await added.getByLabel("Type").selectOption({ label: "Choice" });
      await added.getByLabel("Label, English").fill("Cover");
      await added.getByLabel("Options, one per line").fill("Soft | Мягкая");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.getByText("At least two different options")).toBeVisible();
      await expect(added.getByLabel("Label, English")).toHaveValue("Cover");
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await added.getByLabel("Options, one per line").fill("Soft | Мягкая\nHard | Твёрдая");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.locator("[data-preview]")).toContainText("Book for Anna Smith");
      expect(await overflow(page)).toBe(0);
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved. Changes apply everywhere within seconds.")).toBeVisible();
      await expect(page.getByRole("list", { name: "Changes" })).toContainText("questions");

      const person = newPerson();
      const visitor = await page.context().browser()?.newContext({ baseURL: stack.baseURL, locale: "en-US" });
      if (!visitor) throw new Error("no browser");
      const form = await visitor.newPage();
      await expect(async () => {
        await form.goto(`/register/${slug}?utm_source=shop`);
        await expect(form.getByRole("heading", { name: "Order a book" })).toBeVisible({ timeout: 1_000 });
      }).toPass();
      await expect(form.locator("form p", { hasText: "US$20" })).toHaveText("Book US$20");
      await fillRegistration(form, person);
      await form.getByLabel("Cover").selectOption({ label: "Hard" });
      await sendRegistration(form);
      await expect(form).toHaveURL(/\/account$/);
      const title = `Book for ${person.firstName} ${person.lastName}`;
      await expect
        .poll(async () => (await onPortal(stack, person)).deals)
        .toMatchObject([{ title, opportunity: 20, utmSource: "shop" }]);
      await visitor.close();

      // Undone: the form is the blank one again, and what was answered keeps its words.
      await page.getByRole("button", { name: /^Undo change/ }).click();
      await expect(page.getByText("The change was undone.")).toBeVisible();
      await expect(page.getByText("Removed questions: Cover")).toBeVisible();
      await expect(page.getByRole("textbox", { name: "Heading, English" })).toHaveValue("");
      await section("Product and deal").click();
      await expect(page.getByLabel("Product: own")).toBeChecked();
      await page.getByLabel("Product: own").uncheck();
      await page.getByLabel("Title of the deal: own").uncheck();
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved. Changes apply everywhere within seconds.")).toBeVisible();
      await expect(page.getByLabel("Product: own")).not.toBeChecked();
    });

    test("a closed form says so, an unknown one does not exist, and a copy asks the same", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      const slug = javaScriptEnabled ? "autumn" : "winter";
      await openAsAdmin(page, "/admin/settings/forms");
      await page.getByLabel("Address").fill(slug);
      await page.getByLabel("Copy of").selectOption({ label: "Main form" });
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await expect(page.getByText("The form was added.")).toBeVisible();
      await page.getByRole("button", { name: `Close: ${slug}` }).click();
      await expect(page.getByRole("button", { name: `Open again: ${slug}` })).toBeVisible();

      const visitor = await page.context().browser()?.newContext({ baseURL: stack.baseURL, locale: "en-US" });
      if (!visitor) throw new Error("no browser");
      const form = await visitor.newPage();
      expect((await form.goto("/register/nowhere"))?.status()).toBe(404);
      await expect.poll(async () => (await form.goto(`/register/${slug}`))?.status()).toBe(410);
      await expect(form.getByText("This form no longer accepts registrations")).toBeVisible();
      await page.getByRole("button", { name: `Open again: ${slug}` }).click();
      await expect.poll(async () => (await form.goto(`/register/${slug}`))?.status()).toBe(200);
      await visitor.close();
    });
  });

test.describe("numbers of several forms", () => {
  test.use({ javaScriptEnabled: false });

  test("the overview and the list of forms tell what each form has brought", { tag: ["@stack", "@desktop"] }, async ({
    page,
    stack,
  }) => {
    const { id: formId } = await stack.db.form.create({ data: { slug: "numbers", name: "Numbers" } });
    const at = new Date("2019-03-05T12:00:00Z");
    const crmProduct = { id: 1777, name: "Online course", priceUsd: 40 };
    await makePeople(stack, [
      { createdAt: at, formId, source: "letter", isPaid: true, paidAt: at, crmProduct },
      { createdAt: at, formId, source: "letter", crmProduct },
      { createdAt: at, source: "poster" },
    ]);
    const period = "/admin?from=2019-03-01&to=2019-03-31";
    await openAsAdmin(page, period);
    // The process reads the forms every two seconds.
    await expect
      .poll(async () => {
        await page.goto(period);
        return page.getByRole("row", { name: /^Numbers 2 50%/ }).count();
      })
      .toBe(1);
    await expect(page.getByRole("row", { name: "Numbers $80 $40 $40" })).toBeVisible();
    await expect(page.getByRole("row", { name: /^Main form 1 0%/ })).toBeVisible();
    expect(await overflow(page)).toBe(0);

    await page.getByRole("navigation", { name: "Form" }).getByRole("link", { name: "Numbers" }).click();
    await expect(page).toHaveURL(`${period}&form=${formId}`);
    await expect(page.locator("[data-statistic=registrations]")).toHaveText("2");
    await expect(page.getByRole("row", { name: /^letter 2 50%/ })).toBeVisible();
    await expect(page.getByRole("row", { name: /^poster/ })).toHaveCount(0);
    await page.getByRole("button", { name: "Show" }).click();
    await expect(page).toHaveURL(/form=/);
    await expect(page.locator("[data-statistic=registrations]")).toHaveText("2");
    expect((await page.goto("/admin?form=99999"))?.status()).toBe(404);

    // Erased people are no longer in the list, and the page says that the number has them.
    await stack.db.user.updateMany({ where: { source: "letter", isPaid: false, formId }, data: { erasedAt: at } });
    await page.goto("/admin/settings/forms");
    await expect(page.getByText("people whose data has been erased since are counted")).toBeVisible();
    await page
      .getByRole("listitem")
      .filter({ hasText: "/register/numbers" })
      .getByRole("link", { name: "2 registrations" })
      .click();
    await expect(page).toHaveURL(`/admin/users?form=${formId}`);
    await expect(page.getByText("1 person found")).toBeVisible();
  });
});
