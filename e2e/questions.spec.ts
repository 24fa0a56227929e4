import type { Page } from "@playwright/test";
import type { Prisma } from "../prisma/generated/client";
import { expect, test } from "./fixtures";
import { fillRegistration, newPerson, sendRegistration } from "./people";
import type { Stack } from "./stack";
import { accessibilityViolations, overflow } from "./violations";

const words = (en: string, ru: string) => ({ en, ru });
const option = (value: string, en: string, ru: string) => ({ value, label: words(en, ru) });

let made = 0;

interface Definition {
  heading: { en: string };
  items: object[];
  [part: string]: unknown;
}

/** A definition with a question of every kind; keys are never used again on a site. */
function everyKind(after: object = { kind: "account" }) {
  const number = ++made;
  const key = (name: string) => `${name}_${number}`;
  const ask = (name: string, kind: string, label: object, more: object = {}) => ({
    question: { key: key(name), kind, label, ...more },
  });
  const definition: Definition = {
    heading: words(`Spring intensive ${number}`, `Весенний интенсив ${number}`),
    lead: words("Ten places are left.", ""),
    items: [
      { field: "email" },
      ask("size", "choice", words("Size of the shirt", "Размер футболки"), {
        required: true,
        options: [option("s", "Small", "Маленький"), option("l", "Large", "Большой")],
      }),
      { field: "firstName", label: words("What shall we call you?", "Как к вам обращаться?") },
      { field: "phone" },
      ask("why", "text", words("Why do you come?", "Зачем вы идёте?"), { help: words("In a word.", "Одним словом.") }),
      ask("story", "long", words("Your story", "")),
      ask("city", "choice", words("City", "Город"), {
        options: ["Казань", "Пермь"].map((name) => option(name, name, name)),
      }),
      ask("days", "choices", words("Days", "Дни"), {
        options: [option("mon", "Monday", "Понедельник"), option("tue", "Tuesday", "Вторник")],
      }),
      ask("guests", "number", words("Guests", "Гостей")),
      ask("day", "date", words("Arrival", "Приезд")),
      ask("vegan", "yesno", words("Vegan food", "Веганское меню"), { required: true }),
      ask("partner", "hidden", words("Partner", "Партнёр"), { parameter: "partner" }),
    ],
    after,
  };
  return { definition, key };
}

/** Changes the first form, as the editor leaves it, and waits until the site has read it. */
async function changeForm({ db }: Stack, page: Page, path: string, definition: Definition): Promise<void> {
  await db.form.update({ where: { id: 1 }, data: { definition: definition as Prisma.InputJsonObject } });
  await expect(async () => {
    await page.goto(path);
    const number = definition.heading.en.split(" ").at(-1);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toMatch(new RegExp(` ${number}$`));
  }).toPass();
}

test.afterEach(async ({ stack }) => {
  await stack.db.form.update({ where: { id: 1 }, data: { definition: {} } });
  // The next test of this worker, of whichever file, finds the usual form once the site has read it, within seconds.
  const shown = async () => (await fetch(`${stack.baseURL}/register`)).text();
  await expect.poll(shown).not.toMatch(/Spring intensive|Весенний интенсив/);
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("questions of every kind are asked, kept through a refusal, and stored", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      const { definition, key } = everyKind();
      await changeForm(stack, page, "/register?partner=Olga%20K", definition);
      await expect(page.getByText("Ten places are left.")).toBeVisible();
      await expect(page.getByLabel("Company")).toHaveCount(0);
      const person = newPerson();
      await page.getByLabel("What shall we call you?").fill(person.firstName);
      await page.getByLabel("E-mail").fill(person.email);
      await page.getByLabel("Phone").fill(person.phone);
      await page.getByLabel("Password").fill(person.password);
      await page.getByLabel("I agree").check();
      await expect(page.getByLabel("Why do you come?")).toHaveAccessibleDescription("In a word.");
      await page.getByLabel("Why do you come?").fill("$result[x] <b>{name}</b>");
      await page.getByLabel("Your story").fill("one\ntwo");
      await page.getByLabel("City").selectOption({ label: "Пермь" });
      await page.getByRole("group", { name: "Days" }).getByLabel("Tuesday").check();
      await page.getByLabel("Guests").fill("1e999");
      await page.getByLabel("Arrival").fill("2027-02-28");
      await page.getByRole("group", { name: "Vegan food" }).getByLabel("No").check();
      await sendRegistration(page);

      await expect(page.getByRole("group", { name: "Size of the shirt" })).toHaveAccessibleDescription(
        "Please fill this in.",
      );
      await page.getByRole("group", { name: "Size of the shirt" }).getByLabel("Large").check();
      // Without a script the answer was a new page, which asks for the password again.
      await page.getByLabel("Password").fill(person.password);
      await sendRegistration(page);
      await expect(page.getByLabel("Guests")).toHaveAccessibleDescription(/Enter a number/);
      // Axe is a script.
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await expect(page.getByLabel("Guests")).toHaveValue("1e999");
      await expect(page.getByLabel("Your story")).toHaveValue("one\ntwo");
      await expect(page.getByLabel("City")).toHaveValue("Пермь");
      await expect(page.getByLabel("Tuesday")).toBeChecked();
      await expect(page.getByLabel("Monday")).not.toBeChecked();
      await expect(page.getByLabel("Arrival")).toHaveValue("2027-02-28");
      await expect(page.getByLabel("Large")).toBeChecked();
      await page.getByLabel("Guests").fill("1,5");
      await page.getByLabel("Password").fill(person.password);
      await sendRegistration(page);
      await expect(page).toHaveURL("/account");

      const user = await stack.db.user.findUniqueOrThrow({ where: { email: person.email } });
      expect(user.answers).toEqual({
        [key("size")]: "l",
        [key("why")]: "$result[x] <b>{name}</b>",
        [key("story")]: "one\ntwo",
        [key("city")]: "Пермь",
        [key("days")]: ["tue"],
        [key("guests")]: "1.5",
        [key("day")]: "2027-02-28",
        [key("vegan")]: "no",
        [key("partner")]: "Olga K",
      });
    });

    test("a day that does not exist is told, and not lost", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      const { definition, key } = everyKind();
      const day = definition.items.filter((item) => JSON.stringify(item).includes("Arrival"));
      await changeForm(stack, page, "/register", { ...definition, items: day });
      const person = newPerson();
      await fillRegistration(page, person, { only: ["firstName", "email", "phone", "password"] });
      const arrival = page.getByLabel("Arrival");
      await arrival.fill("31.02.2027");
      await sendRegistration(page);
      await expect(arrival).toHaveAccessibleDescription(/There is no such day/);
      await expect(arrival).toHaveValue("31.02.2027");
      await arrival.fill("28.02.2027");
      await page.getByLabel("Password").fill(person.password);
      await sendRegistration(page);
      await expect(page).toHaveURL("/account");
      const user = await stack.db.user.findUniqueOrThrow({ where: { email: person.email } });
      expect(user.answers).toEqual({ [key("day")]: "2027-02-28" });
    });

    test("a form that was changed while it was filled in asks what is new and loses nothing", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      const { definition, key } = everyKind();
      const [, size, , , why, story] = definition.items;
      if (!size || !why || !story) throw new Error("no questions");
      await changeForm(stack, page, "/register", { ...definition, items: [why, story] });
      const person = newPerson();
      await fillRegistration(page, person, { only: ["firstName", "email", "phone", "password"] });
      await page.getByLabel("Why do you come?").fill("To learn");
      await page.getByLabel("Your story").fill("A long one");
      const other = await page.context().newPage();
      // One question is gone, another is new and mandatory.
      const { heading } = everyKind().definition;
      await changeForm(stack, other, "/register", { ...definition, heading, items: [size, story] });
      await sendRegistration(page);
      await expect(page.getByRole("group", { name: "Size of the shirt" })).toHaveAccessibleDescription(
        "Please fill this in.",
      );
      await expect(page.getByLabel("Your story")).toHaveValue("A long one");
      await expect(page.getByLabel("First name")).toHaveValue(person.firstName);
      await page.getByLabel("Small").check();
      await page.getByLabel("Password").fill(person.password);
      await sendRegistration(page);
      await expect(page).toHaveURL("/account");
      const user = await stack.db.user.findUniqueOrThrow({ where: { email: person.email } });
      expect(user.answers).toEqual({ [key("size")]: "s", [key("story")]: "A long one" });
    });

    test("the owner's own text is read after a registration, or another site opens", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      const short = (after: object) => ({ ...everyKind(after).definition, items: [] });
      await changeForm(stack, page, "/register", short({ kind: "text", text: words("Bring a pen.\nAnd paper.", "") }));
      await fillRegistration(page, newPerson(), { only: ["firstName", "email", "phone", "password"] });
      await sendRegistration(page);
      await expect(page).toHaveURL("/registered");
      await expect(page.getByText("Bring a pen.\nAnd paper.")).toBeVisible();
      await page.getByRole("link", { name: "Go to my account" }).click();
      await expect(page).toHaveURL("/account");

      await page.context().clearCookies();
      await page.route("https://thanks.example/**", (route) => route.fulfill({ body: "Thank you" }));
      await changeForm(stack, page, "/register", short({ kind: "address", address: "https://thanks.example/a?b=1" }));
      await fillRegistration(page, newPerson(), { only: ["firstName", "email", "phone", "password"] });
      await sendRegistration(page);
      await expect(page).toHaveURL("https://thanks.example/a?b=1");
    });
  });
}

for (const locale of ["ru-RU", "en-GB"])
  for (const width of [360, 1280])
    test.describe(`${locale}, ${width} pixels`, () => {
      test.use({ locale, viewport: { width, height: 900 } });
      test("the form can be read and has no accessibility violations", { tag: ["@stack", "@desktop"] }, async ({
        page,
        stack,
      }) => {
        await changeForm(stack, page, "/register", everyKind().definition);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        expect(await accessibilityViolations(page)).toEqual([]);
        await page.screenshot({ path: `test-results/questions-${locale}-${width}.png`, fullPage: true });
      });
    });
