import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { newPerson, signIn } from "./people";
import type { Stack } from "./stack";
import { overflow } from "./violations";

// The forms that strangers fill in: on small windows, with large letters, and by password managers.

/** What the browser is told of each field that can be seen, by name. */
const tokens = (page: Page) =>
  page
    .locator("main form, form:not(header form)")
    .locator("input:visible")
    .evaluateAll((inputs) =>
      Object.fromEntries(
        inputs.flatMap((input) => {
          const { name, type, autocomplete } = input as HTMLInputElement;
          return type === "checkbox" ? [] : [[name, autocomplete]];
        }),
      ),
    );

const registration = {
  firstName: "given-name",
  lastName: "family-name",
  company: "organization",
  email: "email",
  phone: "tel",
  password: "new-password",
};

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  for (const { path, wanted, tag } of [
    // The owner of a running deployment may have other fields there.
    { path: "/register", wanted: registration, tag: ["@stack", "@desktop"] },
    { path: "/embed", wanted: registration, tag: ["@stack", "@desktop"] },
    { path: "/login", wanted: { email: "username", password: "current-password" }, tag: ["@desktop"] },
    { path: "/forgot", wanted: { email: "username" }, tag: ["@desktop"] },
  ])
    test(`browsers and password managers are told what each field of ${path} is for`, { tag }, async ({ page }) => {
      await page.goto(path);
      expect(await tokens(page)).toEqual(wanted);
    });
});

/** As if the portal had just told that its product is called so. */
async function tellProduct({ db }: Stack, name: string): Promise<void> {
  const told = { name, priceUsd: 49, readAt: new Date() };
  const productId = BigInt(1777);
  await db.portalProduct.upsert({ where: { productId }, create: { productId, ...told }, update: told });
}

const longName = `${"W".repeat(200)} in the evening, and on Saturdays`;

const offerOn = (page: Page) => page.locator("main form p:has(> span + b)");

/** Expects the page to fit into the window. */
async function expectFit(page: Page, letters: number): Promise<void> {
  const root = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  expect(root).toBe(`${16 * letters}px`);
  expect(await cutOff(page)).toEqual([]);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
}

/** Controls and texts that reach beyond the window, or whose end is cut off; what only screen readers read is a pixel wide. */
const cutOff = (page: Page) =>
  page.locator("main :is(h1, h2, h3, p, li, span, label, input, button, a, [role=alert])").evaluateAll((all) =>
    all
      .filter((each) => each.checkVisibility() && each.clientWidth !== 1)
      .filter((each) => {
        const { left, right } = each.getBoundingClientRect();
        const isCut = each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== "visible";
        return left < 0 || right > window.innerWidth + 1 || (isCut && !(each instanceof HTMLInputElement));
      })
      .map((each) => each.outerHTML.slice(0, 100)),
  );

const views = [
  ["320 pixels wide", { width: 320, height: 640 }, 1, 1],
  ["at a zoom of 200 %", { width: 640, height: 360 }, 2, 1],
  ["with letters twice as large", { width: 1280, height: 720 }, 1, 2],
  ["on a phone with letters twice as large", { width: 360, height: 640 }, 1, 2],
] as const;

for (const [name, viewport, deviceScaleFactor, letters] of views)
  for (const locale of ["ru-RU", "en-GB"])
    test.describe(`${name}, ${locale}`, () => {
      test.use({ viewport, deviceScaleFactor, locale });

      test.beforeEach(({ page }) =>
        // As the browser's setting for larger letters does it.
        page.addInitScript((times) => {
          const enlarge = () => document.documentElement?.style.setProperty("font-size", `${times * 100}%`);
          document.addEventListener("readystatechange", enlarge);
        }, letters),
      );

      test("the first page and the sign-in with its problem fit", { tag: "@desktop" }, async ({ page }) => {
        await page.goto("/");
        await expectFit(page, letters);
        await page.goto("/login");
        await signIn(page, newPerson());
        await expect(page.locator("main form").getByRole("alert")).toHaveText(/\S/);
        await expectFit(page, letters);
      });

      test.describe(() => {
        test.afterEach(({ stack }) => tellProduct(stack, "Online course"));

        test("the registration fits with all its problems and a long name of what is sold", {
          tag: ["@stack", "@desktop"],
        }, async ({ page, stack }) => {
          // The pages' process reads it within seconds; a check of the connection may meanwhile have told the portal's own name.
          const shown = async () => {
            await tellProduct(stack, longName);
            await page.goto("/register");
            return offerOn(page).getByText(longName, { exact: true }).count();
          };
          await expect.poll(shown).toBe(1);
          await page.locator("main form button[type=submit]").click();
          for (const name of ["firstName", "email", "phone", "password", "consent"])
            await expect(page.locator(`[name=${name}]`)).toHaveAttribute("aria-invalid", "true");
          await expect(offerOn(page)).toContainText(longName);
          await expectFit(page, letters);
        });
      });
    });
