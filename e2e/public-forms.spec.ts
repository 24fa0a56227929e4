import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
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

  test("browsers and password managers are told what each field is for", { tag: "@desktop" }, async ({ page }) => {
    for (const [path, wanted] of [
      ["/register", registration],
      ["/embed", registration],
      ["/login", { email: "username", password: "current-password" }],
      ["/forgot", { email: "username" }],
    ] as const) {
      await page.goto(path);
      expect(await tokens(page), path).toEqual(wanted);
    }
  });
});

/** Opens the forms, each also with all that can be wrong in it. */
async function openWithProblems(page: Page, path: string): Promise<void> {
  await page.goto(path);
  const send = page.locator("main form button[type=submit]").first();
  await send.click();
  if (path === "/register") await expect(page.locator("[name=firstName]")).toHaveAttribute("aria-invalid", "true");
}

/** Controls and texts that reach beyond the window, or whose end is cut off; what only screen readers read is a pixel wide. */
const cutOff = (page: Page) =>
  page.locator("main :is(h1, h2, h3, p, li, span, label, input, button, a)").evaluateAll((all) =>
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
] as const;

for (const [name, viewport, deviceScaleFactor, letters] of views)
  for (const locale of ["ru-RU", "en-GB"])
    test.describe(`${name}, ${locale}`, () => {
      test.use({ viewport, deviceScaleFactor, locale });

      test("the forms fit, and so do their problems and a long name of what is sold", { tag: "@desktop" }, async ({
        page,
      }) => {
        // As the browser's setting for larger letters does it.
        await page.addInitScript((times) => {
          const enlarge = () => document.documentElement?.style.setProperty("font-size", `${times * 100}%`);
          document.addEventListener("readystatechange", enlarge);
        }, letters);
        for (const path of ["/", "/register", "/login"]) {
          if (path === "/") await page.goto(path);
          else await openWithProblems(page, path);
          // Where the product is known by now.
          const offer = page.locator("main form p > span + b");
          for (const price of await offer.all())
            await price.evaluate((each) => (each.previousElementSibling as Element).append("W".repeat(200)));
          const root = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
          expect(root, path).toBe(`${16 * letters}px`);
          expect(await cutOff(page), path).toEqual([]);
          expect(await overflow(page), path).toBeLessThanOrEqual(0);
        }
      });
    });
