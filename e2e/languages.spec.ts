import { expect, test } from "./fixtures";
import { alive } from "./page-script";

const registration = { en: "Register", ru: "Регистрация" };

for (const [locale, lang] of [
  ["en-GB", "en"],
  ["ru-RU", "ru"],
  ["de-DE", "ru"],
] as const) {
  test.describe(`a browser in ${locale}`, { tag: "@desktop" }, () => {
    test.use({ locale });
    test(`is answered in ${lang}`, async ({ page }) => {
      await page.goto("/register");
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(registration[lang]);
      await page.goto("/no/such/page");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(
        lang === "en" ? "There is no such page" : "Такой страницы нет",
      );
    });
  });
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", {
    tag: javaScriptEnabled ? [] : "@desktop",
  }, () => {
    test.use({ javaScriptEnabled, locale: "en-GB" });
    test("the switch changes this page and all that follow, and leads back to it", async ({ page }) => {
      await page.goto("/register?utm_source=a");
      if (javaScriptEnabled) await alive(page);
      await page.getByLabel("First name").fill("Анна");
      await page.getByRole("button", { name: "Русский" }).click();

      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Регистрация");
      await expect(page).toHaveURL("/register?utm_source=a");
      await expect(page).toHaveTitle("Регистрация · Приёмная");
      await expect(page.locator("html")).toHaveAttribute("lang", "ru");
      if (javaScriptEnabled) await expect(page.getByLabel("Имя")).toHaveValue("Анна");
      await page.goto("/login");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Вход");

      await page.getByRole("button", { name: "English" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
    });
  });
}

test("a form's problems are shown in the language that was switched to", { tag: "@desktop" }, async ({ page }) => {
  await page.goto("/register");
  // The browser's own form would open another page, and switching the language a third one without the problems.
  await alive(page);
  await page.getByRole("main").getByRole("button", { name: "Register" }).click();
  await expect(page.getByLabel("E-mail")).toHaveAccessibleDescription("Please fill this in.");
  await page.getByRole("button", { name: "Русский" }).click();
  await expect(page.getByLabel("Электронная почта")).toHaveAccessibleDescription("Заполните это поле.");
});

test("a language we do not speak, or no form at all, is refused", { tag: "@desktop" }, async ({ request }) => {
  expect((await request.post("/locale", { form: { lang: "de" } })).status()).toBe(400);
  expect((await request.post("/locale", { data: { lang: "ru" } })).status()).toBe(415);
  expect((await request.get("/locale")).status()).toBe(405);
});

test("the switch leads to no foreign host", { tag: "@desktop" }, async ({ request }) => {
  for (const referer of ["https://evil.example//evil.example/", "https://evil.example/x", "nonsense"]) {
    const answer = await request.post("/locale", { form: { lang: "ru" }, headers: { referer }, maxRedirects: 0 });
    expect(answer.status()).toBe(302);
    expect(answer.headers().location).toMatch(/^\/(?!\/)/);
  }
});
