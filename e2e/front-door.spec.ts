import type { Page } from "@playwright/test";
import { administrator, expect, test } from "./fixtures";
import { alive } from "./page-script";
import { fillRegistration, newPerson, register, sendRegistration, signIn } from "./people";
import type { Stack } from "./stack";

/** A connection on which an answer takes its time, as on a train. */
async function slowDown(page: Page, latency: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
}

const postsOf = (page: Page): string[] => {
  const posts: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") posts.push(new URL(request.url()).pathname);
  });
  return posts;
};

/** Once its script runs: before, the browser itself would send the form, and open another page. */
async function openForm(page: Page): Promise<void> {
  await page.goto("/register");
  await alive(page);
}

const stored = ({ db }: Stack, email: string) => db.user.count({ where: { email } });

for (const [latency, between] of [
  [1_000, 400],
  [300, 200],
  [150, 100],
] as const)
  test(`a second click ${between} ms after the first, at ${latency} ms of latency, changes nothing`, {
    tag: ["@stack", "@desktop"],
  }, async ({ page, stack }) => {
    const person = newPerson();
    await openForm(page);
    await fillRegistration(page, person);
    await slowDown(page, latency);
    const posts = postsOf(page);
    // Of the page's own clock: a slow machine would otherwise click when the answer is there.
    const button = page.getByRole("main").getByRole("button", { name: /Register/ });
    await button.evaluate((element, ms) => {
      const click = () => (element as HTMLButtonElement).click();
      click();
      click();
      setTimeout(click, ms);
    }, between);

    await expect(page).toHaveURL("/account");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hello, Анна");
    expect(posts).toEqual(["/register.data"]);
    expect(await stored(stack, person.email)).toBe(1);
  });

test("Enter while the first is on its way changes nothing", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const person = newPerson();
  await openForm(page);
  await fillRegistration(page, person);
  await slowDown(page, 500);
  const posts = postsOf(page);
  await page.getByLabel("Password").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/account");
  expect(posts).toEqual(["/register.data"]);
  expect(await stored(stack, person.email)).toBe(1);
});

/** What waits for it goes on once it is opened. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

test.describe("where the answer is lost", () => {
  test.use({
    expectedProblems: [
      /net::ERR_|Failed to load resource|Failed to fetch|decode turbo-stream|turbo-stream|^SyntaxError/,
    ],
  });

  test("all that was typed stays, and sending it again signs in to the one registration", {
    tag: ["@stack", "@desktop"],
  }, async ({ page, stack }) => {
    const person = newPerson();
    await openForm(page);
    await fillRegistration(page, person);
    // The server has done its work; the line breaks before the browser learns of it.
    await page.route("**/register.data*", async (route) => {
      await fetch(route.request().url(), {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" },
        body: route.request().postData() ?? "",
        redirect: "manual",
      });
      await route.abort("connectionreset");
    });
    await sendRegistration(page);

    await expect(page.getByRole("alert")).toContainText("The connection broke");
    await expect(page.getByLabel("First name")).toHaveValue(person.firstName);
    await expect(page.getByLabel("E-mail")).toHaveValue(person.email);
    await expect(page.getByLabel("Phone")).toHaveValue(person.phone);
    await expect(page.getByLabel("Password")).toHaveValue(person.password);
    await expect(page.getByRole("checkbox")).toBeChecked();
    expect(await stored(stack, person.email)).toBe(1);

    await page.unroute("**/register.data*");
    await sendRegistration(page);
    await expect(page).toHaveURL("/account");
    expect(await stored(stack, person.email)).toBe(1);
  });

  test("a proxy's own page in place of the answer keeps the form as well", { tag: ["@stack", "@desktop"] }, async ({
    page,
  }) => {
    await page.goto("/login");
    await alive(page);
    await page.getByLabel("E-mail").fill("anna@example.com");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.route("**/login.data*", (route) =>
      route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" }),
    );
    await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText("The connection broke");
    await expect(page.getByLabel("E-mail")).toHaveValue("anna@example.com");
    await expect(page.getByLabel("Password")).toHaveValue("correct horse battery");
  });

  for (const away of ["language", "mail", "sign out"] as const)
    test(`a page stays with what was typed where another form cannot be sent: ${away}`, {
      tag: ["@stack", "@desktop"],
    }, async ({ page, context }) => {
      const person = await register(page);
      if (away !== "sign out") await context.clearCookies();
      await page.goto(away === "sign out" ? "/account/data" : "/register");
      if (away !== "sign out") await fillRegistration(page, { ...person, password: "another fine password" });
      if (away === "mail") await sendRegistration(page);
      const buttons = { language: "Русский", mail: "Send a link to this e-mail", "sign out": "Sign out" };
      const button = page.getByRole("button", { name: buttons[away], exact: true });
      await expect(button).toBeVisible();
      await alive(page);
      const title = await page.getByRole("heading", { level: 1 }).textContent();

      await context.setOffline(true);
      await button.click();
      await expect(page.getByText("The site does not answer.")).toBeVisible();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(title ?? "");
      if (away !== "sign out") await expect(page.getByLabel("First name")).toHaveValue(person.firstName);

      await context.setOffline(false);
      await button.click();
      if (away === "language") await expect(page.getByLabel("Имя")).toHaveValue(person.firstName);
      if (away === "mail") await expect(page.getByRole("status")).toContainText("a link is on its way");
      if (away === "sign out") await expect(page.getByRole("button", { name: "Sign out" })).toHaveCount(0);
    });

  test("a form that is sent while another asks whether the site answers is not cancelled", {
    tag: ["@stack", "@desktop"],
  }, async ({ page, stack }) => {
    const person = newPerson();
    await openForm(page);
    await fillRegistration(page, person);
    const [asked, sent] = [gate(), gate()];
    await page.route("**/readyz", async (route) => {
      await asked.opened;
      await route.continue();
    });
    await page.route("**/register.data*", async (route) => {
      if (route.request().method() === "POST") await sent.opened;
      await route.continue();
    });
    const language = page.getByRole("button", { name: "Русский", exact: true });
    await language.click();
    await expect(language).toHaveAttribute("aria-disabled", "true");
    const posted = page.waitForRequest((request) => request.method() === "POST");
    await sendRegistration(page);
    await posted;
    const answered = page.waitForResponse("**/readyz");
    asked.open();
    await answered;
    sent.open();
    await expect(page).toHaveURL("/account");
    expect(await stored(stack, person.email)).toBe(1);
  });

  test("an administrator's forms keep what was typed, too", { tag: ["@stack", "@desktop"] }, async ({
    page,
    stack,
  }) => {
    await signInAsAdministrator(page);
    await page.goto("/admin/tokens");
    await alive(page);
    await page.getByLabel("Name").fill("Nightly export");
    await page.route("**/admin/tokens.data*", (route) =>
      route.request().method() === "POST" ? route.abort("connectionreset") : route.continue(),
    );
    await page.getByRole("button", { name: "Create the token" }).click();
    await expect(page.getByRole("alert")).toContainText("The connection broke");
    await expect(page.getByLabel("Name")).toHaveValue("Nightly export");
    expect(await stack.db.apiToken.count({ where: { name: "Nightly export" } })).toBe(0);
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a double click ends signed in, with one registration", { tag: ["@stack", "@desktop"] }, async ({
    page,
    stack,
  }) => {
    const person = newPerson();
    await page.goto("/register");
    await fillRegistration(page, person);
    await page.getByRole("main").getByRole("button", { name: "Register" }).dblclick();
    await expect(page).toHaveURL("/account");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hello, Анна");
    expect(await stored(stack, person.email)).toBe(1);
  });
});

test("registering once more with other details leads to the first registration, and the page says so", {
  tag: ["@stack", "@desktop"],
}, async ({ page, context }) => {
  const person = await register(page);
  await context.clearCookies();
  await page.goto("/register");
  await fillRegistration(page, { ...person, firstName: "Мария" });
  await sendRegistration(page);
  await expect(page.getByText("The form that you sent has registered nothing new")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hello, Анна");
});

async function signInAsAdministrator(page: Page): Promise<void> {
  await page.goto("/login");
  await signIn(page, administrator);
  await expect(page).toHaveURL("/account");
}
