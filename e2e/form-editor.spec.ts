import type { Page } from "@playwright/test";
import { openAsAdmin, openWithScript } from "./admin-people";
import { expect } from "./fixtures";
import { testOnOwnStack } from "./own-stack";
import { fillRegistration, newPerson, sendRegistration } from "./people";
import { accessibilityViolations, overflow } from "./violations";

// How an owner who is no programmer changes a form, on a stack of one's own.

const test = testOnOwnStack("form-editor");

test.use({ locale: "en-US" });

const asked = [{ field: "firstName" }, { field: "email" }, { field: "phone" }];
const group = (page: Page, name: string | RegExp) => page.getByRole("group", { name, exact: true });
const check = (page: Page) => page.getByRole("button", { name: "Check and show what changes" }).click();
const saved = (page: Page) => expect(page.getByText("Saved. Changes apply everywhere within seconds.")).toBeVisible();
/** The names of the questions in the order of the page. */
const order = (page: Page) => page.locator("form > fieldset > legend").allInnerTexts();

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test(
      "an owner adds three questions in one sitting, moves them, saves once, and a guest answers them",
      { tag: ["@stack", "@desktop"] },
      async ({ page, stack }, info) => {
        await stack.db.form.update({ where: { id: 1 }, data: { definition: {} } });
        await stack.db.formChange.deleteMany();
        await (javaScriptEnabled ? openWithScript : openAsAdmin)(page, "/admin/settings/forms/1");
        await group(page, "New question").getByLabel("Label, English").fill("City");
        await page.getByRole("button", { name: "One more question" }).click();
        const second = group(page, "New question 2");
        await second.getByLabel("Type").selectOption({ label: "Choice" });
        await second.getByLabel("Label, English").fill("Size");
        await second.getByLabel("Options, one per line").fill("s = Small\nl = Large | Большой");
        await page.getByRole("button", { name: "One more question" }).click();
        const third = group(page, "New question 3");
        await third.getByLabel("Label, English").fill("Team");
        await third.getByLabel("An answer is required").check();
        await page.getByRole("button", { name: "One more question" }).click();
        await group(page, "New question 4").getByLabel("Label, English").fill("Too much");
        await page.getByRole("button", { name: "Remove this question: New question 4" }).click();
        await expect(group(page, "New question 4")).toHaveCount(0);
        // The last one goes before the first one; what was typed goes with it, and nothing is saved.
        const move = page.getByRole("button", { name: "Move “New question 3” up" });
        await move.click();
        await expect(page.getByText("Nothing is saved yet.")).toBeVisible();
        await expect
          .poll(async () => (await order(page)).slice(-3))
          .toEqual(["New question", "New question 3", "New question 2"]);
        if (javaScriptEnabled) await expect(move).toBeFocused();
        await move.click();
        await expect
          .poll(async () => (await order(page)).slice(-3))
          .toEqual(["New question 3", "New question", "New question 2"]);
        await expect(third.getByLabel("An answer is required")).toBeChecked();
        await expect(second.getByLabel("Options, one per line")).toHaveValue("s = Small\nl = Large | Большой");
        expect(await stack.db.formChange.count({ where: { formId: 1 } })).toBe(0);

        await check(page);
        await expect(page.locator("[data-preview]")).toContainText("City");
        const look = page.locator("[data-look]");
        await expect(look.getByLabel("Team")).toBeVisible();
        await expect(look.getByLabel("Size")).toBeVisible();
        if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
        await page.screenshot({ path: info.outputPath("review.png"), fullPage: true });
        await page.getByRole("button", { name: "Save" }).click();
        await saved(page);
        expect(await stack.db.formChange.count({ where: { formId: 1 } })).toBe(1);
        await expect.poll(async () => (await order(page)).join()).toMatch(/Team.*City.*Size.*New question$/s);

        const context = await page.context().browser()?.newContext({ baseURL: stack.baseURL, locale: "en-US" });
        if (!context) throw new Error("no browser");
        const visitor = await context.newPage();
        const person = newPerson();
        await expect(async () => {
          await visitor.goto("/register");
          await expect(visitor.getByLabel("Team")).toBeVisible();
        }).toPass();
        await fillRegistration(visitor, person);
        await visitor.getByLabel("Team").fill("Red");
        await visitor.getByLabel("Size").selectOption({ label: "Large" });
        await sendRegistration(visitor);
        await expect(visitor).toHaveURL("/account");
        const { answers } = await stack.db.user.findUniqueOrThrow({ where: { email: person.email } });
        expect(Object.values(answers as object)).toEqual(expect.arrayContaining(["Red", "l"]));
        await context.close();
      },
    );

    test("a removed question says what becomes of its answers, and is asked again with them", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      const question = { key: "crew", kind: "text", label: { en: "Crew" } };
      await stack.db.form.update({ where: { id: 1 }, data: { definition: { items: [...asked, { question }] } } });
      await openAsAdmin(page, "/admin/settings/forms/1");
      await expect(page.getByText("Answers that were given stay")).toBeVisible();
      await page.getByLabel("Remove “Crew”").check();
      await check(page);
      await page.getByRole("button", { name: "Save" }).click();
      await saved(page);
      await page.getByLabel("Ask “Crew” again, with its answers").check();
      await check(page);
      await page.getByRole("button", { name: "Save" }).click();
      await saved(page);
      await expect(page.getByLabel("Remove “Crew”")).toBeVisible();
      const { definition } = await stack.db.form.findUniqueOrThrow({ where: { id: 1 } });
      expect(definition).toMatchObject({
        items: expect.arrayContaining([{ question: expect.objectContaining({ key: "crew" }) }]),
      });
    });

    test("two administrators replace nothing of each other's without knowing", { tag: ["@stack", "@desktop"] }, async ({
      page,
      stack,
    }) => {
      await stack.db.form.update({ where: { id: 1 }, data: { definition: {}, name: "" } });
      await stack.db.formChange.deleteMany();
      await openAsAdmin(page, "/admin/settings/forms/1");
      const other = await page.context().newPage();
      await page.getByRole("textbox", { name: "Heading, English" }).fill("Mine");

      // Another part of the form: both are kept.
      await other.goto("/admin/settings/forms/1?section=page");
      await other.getByLabel("Name for administrators").fill("Spring");
      await check(other);
      await other.getByRole("button", { name: "Save" }).click();
      await saved(other);
      await check(page);
      await page.getByRole("button", { name: "Save" }).click();
      await saved(page);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Spring");

      // The same part: what was typed stays, and replaces the other's only when it is checked again.
      await page.getByRole("textbox", { name: "Heading, English" }).fill("Mine again");
      await other.goto("/admin/settings/forms/1");
      await other.getByRole("textbox", { name: "Heading, English" }).fill("Theirs");
      await check(other);
      await other.getByRole("button", { name: "Save" }).click();
      await saved(other);
      await check(page);
      await expect(page.getByRole("alert")).toContainText("This part of the form was changed in the meantime");
      await expect(page.getByRole("textbox", { name: "Heading, English" })).toHaveValue("Mine again");
      const definition = async () => (await stack.db.form.findUniqueOrThrow({ where: { id: 1 } })).definition;
      expect(await definition()).toMatchObject({ heading: { en: "Theirs" } });
      await check(page);
      await page.getByRole("button", { name: "Save" }).click();
      await saved(page);
      expect(await definition()).toMatchObject({ heading: { en: "Mine again" } });
      await other.close();
    });
  });

test("what is typed right after saving stays while the page's data are loaded again", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  await stack.db.form.update({ where: { id: 1 }, data: { definition: {} } });
  await stack.db.formChange.deleteMany();
  await openAsAdmin(page, "/admin/settings/forms/1");
  const heading = page.getByRole("textbox", { name: "Heading, English" });
  await heading.fill("First");
  await check(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const save = page.getByRole("button", { name: "Save" });
  await expect(save).toBeEnabled();
  await page.route(/\/admin\/settings\/forms\/1\.data/, async (route) => {
    if (route.request().method() === "GET") await held;
    await route.continue();
  });
  await save.click();
  await saved(page);
  await heading.fill("Second");
  release();
  // The history is of the data that have come.
  await expect(page.getByRole("list", { name: "Changes" }).getByRole("listitem")).toHaveCount(1);
  await check(page);
  await expect(heading).toHaveValue("Second");
  await page.getByRole("button", { name: "Save" }).click();
  await saved(page);
  await expect
    .poll(async () => (await stack.db.form.findUniqueOrThrow({ where: { id: 1 } })).definition)
    .toMatchObject({ heading: { en: "Second" } });
});

test("what is typed stays while the history below takes a change back, and replaces that only when it is checked again", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  await stack.db.form.update({ where: { id: 1 }, data: { definition: {} } });
  await stack.db.formChange.deleteMany();
  await openAsAdmin(page, "/admin/settings/forms/1");
  const heading = page.getByRole("textbox", { name: "Heading, English" });
  await heading.fill("First");
  await check(page);
  await page.getByRole("button", { name: "Save" }).click();
  await saved(page);
  await heading.fill("Second");
  await page.getByRole("button", { name: /^Undo change/ }).click();
  await expect(page.getByText("The change was undone.")).toBeVisible();
  await expect(heading).toHaveValue("Second");
  await check(page);
  await expect(page.getByRole("alert")).toContainText("This part of the form was changed in the meantime");
  await expect(heading).toHaveValue("Second");
});

test("a page with something typed is not left without a question", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  await stack.db.form.update({ where: { id: 1 }, data: { definition: {} } });
  await openWithScript(page, "/admin/settings/forms/1");
  await page.getByRole("textbox", { name: "Heading, English" }).fill("Half a thought");
  const asked: string[] = [];
  page.once("dialog", (dialog) => {
    asked.push(dialog.message());
    return dialog.dismiss();
  });
  await page.getByRole("link", { name: "Product and deal" }).click();
  await expect.poll(() => asked).toEqual(["What you typed is not saved. Leave this page?"]);
  await expect(page).toHaveURL("/admin/settings/forms/1");
  await expect(page.getByRole("textbox", { name: "Heading, English" })).toHaveValue("Half a thought");
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("link", { name: "Product and deal" }).click();
  await expect(page).toHaveURL("/admin/settings/forms/1?section=deal");
  // Nothing typed, nothing asked.
  await page.getByRole("link", { name: "Afterwards" }).click();
  await expect(page).toHaveURL("/admin/settings/forms/1?section=after");
});

test("the browser's way back takes nothing typed away without a question", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  await stack.db.form.update({ where: { id: 1 }, data: { definition: {} } });
  await openWithScript(page, "/admin/settings/forms/1");
  await page.getByRole("link", { name: "Product and deal" }).click();
  await expect(page).toHaveURL("/admin/settings/forms/1?section=deal");
  await page.getByRole("link", { name: "Questions", exact: true }).click();
  await expect(page).toHaveURL("/admin/settings/forms/1?section=questions");
  const heading = page.getByRole("textbox", { name: "Heading, English" });
  await heading.fill("Half a thought");
  const typedAt = page.url();
  const asked: string[] = [];
  for (const turn of [1, 2]) {
    page.once("dialog", (dialog) => {
      asked.push(dialog.message());
      return dialog.dismiss();
    });
    await page.evaluate(() => history.back());
    await expect.poll(() => asked).toEqual(Array(turn).fill("What you typed is not saved. Leave this page?"));
    await expect(page).toHaveURL(typedAt);
    await expect(heading).toHaveValue("Half a thought");
  }
  page.once("dialog", (dialog) => dialog.accept());
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL("/admin/settings/forms/1?section=deal");
  await expect(heading).toHaveCount(0);
  // Nothing typed, nothing asked.
  await page.evaluate(() => history.forward());
  await expect(page).toHaveURL(typedAt);
  await expect(heading).not.toHaveValue("Half a thought");
  expect(asked).toHaveLength(2);
});

for (const section of ["questions", "deal", "fields", "after", "page", "unknown"])
  test(
    `the part “${section}” can be read, and has no accessibility violations`,
    { tag: ["@stack", "@desktop"] },
    async ({ page }, info) => {
      await openAsAdmin(page, `/admin/settings/forms/1?section=${section}`);
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 900 });
        await expect(page.getByRole("button", { name: "Check and show what changes" })).toBeVisible();
        expect(await overflow(page), `${width}`).toBe(0);
        expect(await accessibilityViolations(page), `${width}`).toEqual([]);
        await page.screenshot({ path: info.outputPath(`${section}-${width}.png`), fullPage: true });
      }
    },
  );
