import { gzipSync } from "node:zlib";
import { expect, test } from "./fixtures";
import { alive } from "./page-script";
import { fillRegistration, newPerson, onPortal, register, sendRegistration } from "./people";
import type { Stack } from "./stack";

const marks = "utm_source=vk&utm_medium=cpc&utm_campaign=%D0%BE%D1%81%D0%B5%D0%BD%D1%8C&utm_content=a&utm_term=b";

const synced = "[data-crm-state=synced]";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a registration with marks becomes one contact and one deal, and the account says so by itself", {
      tag: "@stack",
    }, async ({ page, stack }) => {
      const person = newPerson();
      await page.goto(`/?${marks}`);
      await page.getByRole("main").getByRole("link", { name: "Register" }).click();
      await fillRegistration(page, person);
      await page.getByLabel("Company").fill("ООО «Ромашка»");
      await sendRegistration(page);

      await expect(page).toHaveURL("/account");
      await expect(page.getByText("ООО «Ромашка»")).toBeVisible();
      await expect(page.locator(synced)).toBeVisible();
      const { user, deals, contacts, rows } = await onPortal(stack, person);
      const utm = { utmSource: "vk", utmMedium: "cpc", utmCampaign: "осень", utmContent: "a", utmTerm: "b" };
      expect(deals).toMatchObject([
        { id: user.bitrix24DealId, currencyId: "USD", comments: "Company: ООО «Ромашка»", ...utm },
      ]);
      expect(contacts).toMatchObject([{ id: user.bitrix24ContactId, name: "Анна", lastName: "О'Нил", ...utm }]);
      expect(deals[0]?.contactIds).toEqual([contacts[0]?.id]);
      expect(rows).toMatchObject([{ productId: 1777, quantity: 1 }]);
      expect(rows[0]?.price).toBe(deals[0]?.opportunity);
      // Which number a person has on the portal would tell strangers who is a customer already.
      const html = await page.content();
      for (const id of [user.bitrix24DealId, user.bitrix24ContactId]) expect(html).not.toContain(`"${id}"`);
      await expect(page.getByText(String(user.bitrix24DealId), { exact: true })).toHaveCount(0);
      await expect(page.getByText("Deal in Bitrix24")).toHaveCount(0);
    });

    test("the form says what one registers for and what it costs", { tag: "@stack" }, async ({ page, context }) => {
      // A deal is only made after its product was read from the portal; the pages' process knows it within seconds.
      await register(page);
      await expect(page.locator(synced)).toBeVisible();
      await context.clearCookies();
      const offer = page.locator("form").getByText("Online course");
      const open = async () => {
        await page.goto("/register");
        return offer.count();
      };
      await expect.poll(open).toBe(1);
      await expect(page.locator("form p", { hasText: "Online course" })).toHaveText("Online course US$49");
      const russian = await page.request.get("/register", { headers: { "accept-language": "ru" } });
      expect(await russian.text()).toMatch(/Online course<.*>49\s\$</);
    });

    test("every field says what is wrong with it, and keeps what was typed but the password", async ({ page }) => {
      await page.goto("/register?utm_source=bad-input");
      await fillRegistration(
        page,
        { firstName: "   ", lastName: "я".repeat(101), email: "anna", phone: "12345", password: "short" },
        { consent: false },
      );
      await sendRegistration(page);

      await expect(page).toHaveURL("/register?utm_source=bad-input");
      const says = (label: string, problem: string | RegExp) =>
        expect(page.getByLabel(label)).toHaveAccessibleDescription(problem);
      await says("First name", "Please fill this in.");
      await says("Last name", "This is too long.");
      await says("E-mail", /does not look like an e-mail address/);
      await says("Phone", /cannot recognise this number/);
      await says("Password", /at least 8 characters/);
      await says("I agree to the processing of my details", /without your consent/);
      await expect(page.getByLabel("Last name")).toHaveValue("я".repeat(101));
      await expect(page.getByLabel("E-mail")).toHaveValue("anna");
      await expect(page.getByLabel("Phone")).toHaveValue("12345");
      // With a script the form has not left the browser yet: nothing was given away that could come back.
      if (!javaScriptEnabled) await expect(page.getByLabel("Password")).toHaveValue("");
    });

    test("an e-mail that is already registered is reported beside the field", async ({ page, context }) => {
      const person = await register(page);
      await context.clearCookies();
      await page.goto("/register");
      await fillRegistration(page, { ...person, email: person.email.toUpperCase(), password: "another fine password" });
      const answer = page.waitForResponse((response) => response.request().method() === "POST");
      await sendRegistration(page);

      expect((await answer).status()).toBe(409);
      await expect(page.getByLabel("E-mail")).toHaveAccessibleDescription(/already registered/);
      await expect(page.getByLabel("E-mail")).toHaveValue(person.email.toUpperCase());
      await expect(page.getByLabel("First name")).toHaveValue(person.firstName);
      await expect(page.getByLabel("Password")).toHaveValue("");
    });
  });
}

test("the browser leads to the first problem, and takes it back as it is mended", { tag: "@desktop" }, async ({
  page,
}) => {
  await page.goto("/register");
  await fillRegistration(page, { ...newPerson(), email: "anna", phone: "" });
  await sendRegistration(page);
  const email = page.getByLabel("E-mail");
  await expect(email).toBeFocused();
  await expect(email).toHaveAccessibleDescription(/does not look like an e-mail address/);
  await email.fill("anna@example.com");
  await expect(email).toHaveAccessibleDescription("");
});

test("a problem that only the server can find is shown beside its field too", { tag: "@desktop" }, async ({ page }) => {
  await page.goto("/register");
  await fillRegistration(page, { ...newPerson(), phone: "+7 000 000 00 00" });
  await sendRegistration(page);
  await expect(page.getByLabel("Phone")).toHaveAccessibleDescription(/cannot recognise this number/);
  await expect(page.getByLabel("Phone")).toBeFocused();
});

test.describe("an error that is about no field", () => {
  test.use({ expectedProblems: [/ERR_CONNECTION_RESET|status of 400/] });

  test("has the focus, each time that it is answered, unless a person types on", { tag: "@desktop" }, async ({
    page,
  }) => {
    await page.goto("/register");
    // It puts the stamp of the page's data into its field when it takes the form over.
    await alive(page);
    await fillRegistration(page, newPerson());
    const submit = page.getByRole("main").getByRole("button", { name: "Register" });
    const alert = page.getByRole("alert");
    const password = page.getByLabel("Password");
    for (const attempt of ["first", "second"]) {
      await password.fill("correct horse battery");
      // Last: the page gives it back its value with whatever else it renders.
      await page.locator("input[name=_stamp]").evaluate((input: HTMLInputElement) => {
        input.value = "forged";
      });
      await submit.press("Enter");
      await expect(alert, attempt).toContainText("did not come from our page");
      await expect(alert, attempt).toBeFocused();
    }

    await password.fill("correct horse battery");
    await page.route("**/register.data*", (route) => route.abort("connectionreset"));
    await submit.press("Enter");
    await expect(alert).toContainText("The connection broke");
    await expect(alert).toBeFocused();

    await page.unroute("**/register.data*");
    await page.route("**/register.data*", async (route) => {
      await page.keyboard.type("?");
      await route.abort("connectionreset");
    });
    await page.getByLabel("Phone").press("Enter");
    await expect(alert).toContainText("The connection broke");
    await expect(page.getByLabel("Phone")).toHaveValue(/\?/);
    await expect(page.getByLabel("Phone")).toBeFocused();
  });
});

test("the keyboard alone is enough", { tag: "@desktop" }, async ({ page }) => {
  const person = newPerson();
  await page.goto("/register");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  for (const value of [person.firstName, person.lastName, "", person.email, person.phone, person.password]) {
    await page.keyboard.type(value);
    await page.keyboard.press("Tab");
  }
  await expect(page.getByRole("checkbox")).toBeFocused();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/account");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hello, Анна");
});

test("a signed-in person has no use for the form", { tag: "@desktop" }, async ({ page }) => {
  await register(page);
  await page.goto("/register");
  await expect(page).toHaveURL("/account");
});

test("first and last touch are kept, whichever page they led to", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  await page.goto("/?utm_source=first&gclid=g1");
  await page.goto("/login?utm_source=second&yclid=y2");
  const { email } = await register(page);
  const { user } = await onPortal(stack, { email });
  expect(await stack.db.attribution.findUnique({ where: { userId: user.id } })).toMatchObject({
    first: { utm_source: "first", gclid: "g1", landing: "/" },
    last: { utm_source: "second", yclid: "y2", landing: "/login" },
  });
  expect(user.source).toBe("first");
});

test.describe("what is no form of ours is refused, and nothing of it is stored", { tag: "@stack" }, () => {
  const stored = ({ db }: Stack, email = "") => db.user.count({ where: { email } });
  const good = async (page: import("@playwright/test").Page) => {
    await page.goto("/register");
    const stamp = await page.locator("input[name=_stamp]").inputValue();
    const { firstName, email, phone, password } = newPerson();
    return { firstName, email, phone, password, consent: "on", website: "", _stamp: stamp };
  };

  const bad: [name: string, change: Record<string, string | undefined>][] = [
    ["with the trap filled", { website: "https://spam.example" }],
    ["without the trap", { website: undefined }],
    ["without a stamp", { _stamp: undefined }],
    ["with a field that nobody asked for", { role: "ADMIN" }],
    ["with NUL in a name", { firstName: "A\0" }],
    ["without consent", { consent: undefined }],
  ];

  for (const [name, change] of bad) {
    test(`a form is refused and stored nowhere: ${name}`, { tag: "@desktop" }, async ({ page, request, stack }) => {
      const form = Object.fromEntries(
        Object.entries({ ...(await good(page)), ...change }).filter(
          (entry): entry is [string, string] => entry[1] !== undefined,
        ),
      );
      const answer = await request.post("/register", { form, maxRedirects: 0 });
      expect(answer.status()).toBe(400);
      expect(await answer.text()).toContain(form.email);
      expect(await stored(stack, form.email)).toBe(0);
    });
  }

  test("a form is refused and stored nowhere: in another type or encoding", { tag: "@desktop" }, async ({
    page,
    request,
    stack,
  }) => {
    const form = await good(page);
    const json = await request.post("/register", { data: form });
    expect(json.status()).toBe(415);
    const broken = await request.post("/register", {
      headers: { "content-type": "multipart/form-data; boundary=x" },
      data: "no parts",
    });
    expect(broken.status()).toBe(400);
    const cp1251 = await request.post("/register", {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      data: `${new URLSearchParams({ ...form, firstName: "" })}&firstName=%C0%ED%ED%E0`.replace("firstName=&", ""),
    });
    expect(cp1251.status()).toBe(400);
    expect(await stored(stack, form.email)).toBe(0);
  });

  test("the same person twice at the same moment is registered once", { tag: "@desktop" }, async ({ page, stack }) => {
    const form = await good(page);
    // Each without cookies: who is signed in already is led to the account in any case.
    const send = async (password: string) => {
      const body = new URLSearchParams({ ...form, password });
      return (await fetch(`${stack.baseURL}/register`, { method: "POST", body, redirect: "manual" })).status;
    };
    const same = form.password;
    expect(await Promise.all([same, same, same].map(send))).toEqual([302, 302, 302]);
    expect(await Promise.all([send("another fine password"), send(same)])).toEqual([409, 302]);
    expect(await stored(stack, form.email)).toBe(1);
  });
});

test("the page loads no more script than people on slow networks can wait for", {
  tag: ["@stack", "@desktop"],
}, async ({ page }) => {
  const scripts: Promise<Buffer>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() === "script") scripts.push(response.body());
  });
  await page.goto("/register", { waitUntil: "networkidle" });
  await expect(page.getByLabel("Password")).toBeVisible();
  const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script, { level: 9 }).length);
  expect(sizes.length).toBeGreaterThan(5);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(98_000);
});
