import type { Page } from "@playwright/test";
import { openAsAdmin } from "./admin-people";
import { test as base, cutAnswer, expect, perWorker } from "./fixtures";
import { type OtherSite, startOtherSite } from "./other-site";
import { useOwnProfile } from "./own-profile";
import { fillRegistration, newPerson, onPortal, type Person, register, sendRegistration } from "./people";
import { type Stack, startStack } from "./stack";
import { accessibilityViolations, overflow } from "./violations";

// The form inside pages of another site, which is allowed to show it, and of a stranger's, which is not.

interface Sites {
  stack: Stack;
  shop: OtherSite;
  stranger: OtherSite;
}

const test = base.extend<object, { sites: Sites; shop: OtherSite; stranger: OtherSite }>({
  sites: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
    async ({}, use, { workerIndex }) => {
      const [shop, stranger] = [await startOtherSite(), await startOtherSite()];
      const env = { EMBED_ORIGINS: `${shop.origin}, ${shop.neighbour}` };
      const stack = await startStack(`embed-${workerIndex}`, { env });
      await use({ stack, shop, stranger });
      await stack.stop();
      await shop.close();
      await stranger.close();
    },
    perWorker,
  ],
  stack: [({ sites }, use) => use(sites.stack), { scope: "worker" }],
  shop: [({ sites }, use) => use(sites.shop), { scope: "worker" }],
  stranger: [({ sites }, use) => use(sites.stranger), { scope: "worker" }],
});

test.use({ locale: "en-US" });
// One after another: they share what the sites show.
test.describe.configure({ mode: "default" });

const script = ({ baseURL }: Stack) => `<script src="${baseURL}/embed.js" async></script>`;
const iframe = ({ baseURL }: Stack, query = "") =>
  `<iframe src="${baseURL}/embed${query}" title="Registration" width="100%" height="900" referrerpolicy="no-referrer-when-downgrade"></iframe>`;

const formOf = (page: Page) => page.frameLocator("iframe");

async function registerThere(page: Page, person: Person): Promise<void> {
  const form = formOf(page);
  await fillRegistration(form, person);
  await sendRegistration(form);
  await expect(form.getByRole("heading", { name: "You are registered" })).toBeVisible();
}

/** What the person's deal and row say about where they came from, once the deal is there. */
async function sourceOf(stack: Stack, person: Person) {
  await expect.poll(async () => (await onPortal(stack, person)).deals.length).toBe(1);
  const { user, deals, contacts } = await onPortal(stack, person);
  const { first, last } = await stack.db.attribution.findUniqueOrThrow({ where: { userId: user.id } });
  expect(first).toEqual(last);
  return { deal: deals[0], contact: contacts[0], touch: last as Record<string, string>, user };
}

test("one line of script shows the form, which registers with the page's own marks", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack, shop }) => {
  shop.show(
    `<script>document.addEventListener("front-desk:registered", () => { document.title = "One more" })</script>${script(stack)}`,
  );
  await page.goto(`${shop.origin}/landing?utm_source=vk&utm_campaign=%D0%BE%D1%81%D0%B5%D0%BD%D1%8C&yclid=77&secret=1`);
  const frame = page.locator("iframe");
  await expect(formOf(page).getByRole("heading", { name: "Register" })).toBeVisible();
  // As high as the form, with the page's own text right below it.
  const inner = () =>
    formOf(page)
      .locator("html")
      .evaluate((html) => html.scrollHeight - html.clientHeight);
  await expect.poll(inner).toBe(0);
  const before = await frame.evaluate(({ clientHeight }) => clientHeight);
  await formOf(page).getByText("What this means").click();
  await expect.poll(() => frame.evaluate(({ clientHeight }) => clientHeight)).toBeGreaterThan(before);
  expect(await accessibilityViolations(page)).toEqual([]);

  const person = newPerson();
  await registerThere(page, person);
  await expect(page).toHaveTitle("One more");
  await expect.poll(() => frame.evaluate(({ clientHeight }) => clientHeight)).toBeLessThan(before);
  expect(await accessibilityViolations(page)).toEqual([]);

  const { deal, contact, touch, user } = await sourceOf(stack, person);
  const marks = { utmSource: "vk", utmCampaign: "осень" };
  expect(deal).toMatchObject(marks);
  expect(contact).toMatchObject(marks);
  expect(touch).toMatchObject({ utm_source: "vk", yclid: "77", landing: `${shop.origin}/landing` });
  expect(JSON.stringify(touch)).not.toContain("secret");
  // The registration opened no session: neither in the frame nor in a new tab.
  expect(await stack.db.session.count({ where: { userId: user.id } })).toBe(0);
  expect(await page.context().cookies()).toEqual([]);
  const tab = page.context().waitForEvent("page");
  await formOf(page).getByRole("link", { name: "Open my account in a new tab" }).click();
  await expect(await tab).toHaveURL(`${stack.baseURL}/login?redirectTo=%2Faccount`);
});

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a frame alone works in a page that allows nothing else, with its marks, also at the second try", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack, shop }) => {
      shop.show(iframe(stack), `default-src 'none'; frame-src ${stack.baseURL}`);
      await page.goto(`${shop.origin}/sale?utm_source=ya&gclid=Abc-9`);
      const person = newPerson();
      await fillRegistration(formOf(page), { ...person, phone: "12345" });
      await sendRegistration(formOf(page));
      await expect(formOf(page).getByLabel("Phone")).toHaveAccessibleDescription(/cannot recognise this number/);
      await registerThere(page, person);
      const { deal, touch } = await sourceOf(stack, person);
      expect(deal).toMatchObject({ utmSource: "ya" });
      expect(touch).toMatchObject({ utm_source: "ya", gclid: "Abc-9", landing: `${shop.origin}/sale` });
    });

    test("a form sent twice is confirmed twice, one with other details registers nothing, and another password is refused", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack, shop }) => {
      shop.show(iframe(stack, "?utm_source=partner"));
      const person = newPerson();
      for (let time = 0; time < 2; time++) {
        await page.goto(shop.origin);
        await registerThere(page, person);
      }
      expect((await sourceOf(stack, person)).touch).toMatchObject({ utm_source: "partner" });
      await page.goto(shop.origin);
      await fillRegistration(formOf(page), { ...person, firstName: "Maria" });
      await sendRegistration(formOf(page));
      await expect(formOf(page).getByRole("heading", { name: "This e-mail is already registered" })).toBeVisible();
      await expect(formOf(page).getByText("This form has registered nothing new.")).toBeVisible();
      await page.goto(shop.origin);
      await fillRegistration(formOf(page), { ...person, password: "another fine password" });
      await sendRegistration(formOf(page));
      await expect(formOf(page).getByLabel("E-mail")).toHaveAccessibleDescription(/already registered/);
      const tab = page.context().waitForEvent("page");
      await formOf(page).getByRole("link", { name: "Sign in" }).first().click();
      await expect(await tab).toHaveURL(`${stack.baseURL}/login`);
      await expect(formOf(page).getByLabel("E-mail")).toHaveValue(person.email);
      expect(await stack.db.user.count({ where: { email: person.email } })).toBe(1);
    });
  });

test("where a browser blocks the cookies of other sites, the form registers all the same", {
  tag: ["@stack", "@desktop"],
}, async ({ stack, shop, launchOptions }) => {
  const choices = { cookie_controls_mode: 1, block_third_party_cookies: true };
  await useOwnProfile(choices, launchOptions, async (context) => {
    const thrown: string[] = [];
    context.on("weberror", (error) => {
      const problem = String(error.error());
      if (!cutAnswer.test(problem)) thrown.push(problem);
    });
    const page = await context.newPage();
    shop.show(script(stack));
    await page.goto(`${shop.origin}/landing?utm_source=tg`);
    const person = newPerson();
    await registerThere(page, person);
    expect((await sourceOf(stack, person)).deal).toMatchObject({ utmSource: "tg" });
    expect(thrown).toEqual([]);
  });
});

test.describe("pages that may not show the form", () => {
  test.use({ expectedProblems: [/frame-ancestors|Refused to frame|violates the following Content Security Policy/] });

  test("a stranger's page shows nothing of it, by script or frame, and no page but the form can be framed", {
    tag: ["@stack", "@desktop"],
  }, async ({ page, stack, shop, stranger }) => {
    await register(page);
    for (const body of [script(stack), iframe(stack), iframe(stack, `?_page=${shop.origin}`)]) {
      stranger.show(body);
      await page.goto(stranger.origin);
      await expect.poll(() => page.frames()[1]?.url()).toMatch(/^chrome-error:/);
      await expect(formOf(page).getByLabel("E-mail")).toHaveCount(0);
    }
    for (const path of ["/account", "/register", "/login", "/", "/%65mbed", "/embed/none/more"]) {
      shop.show(`<iframe src="${stack.baseURL}${path}" title="x"></iframe>`);
      for (const origin of [shop.origin, shop.neighbour]) {
        await page.goto(origin);
        await expect.poll(() => page.frames()[1]?.url(), `${path} on ${origin}`).toMatch(/^chrome-error:/);
      }
    }
  });
});

test("the frame shows nothing of a person who is signed in, though their cookies come with it", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack, shop }) => {
  const person = await register(page);
  shop.show(iframe(stack));
  const asked = page.waitForRequest((request) => new URL(request.url()).pathname === "/embed");
  await page.goto(shop.neighbour);
  // A neighbour port is the same site: the session is sent, and must not matter.
  expect((await (await asked).allHeaders()).cookie).toContain("session=");
  await expect(formOf(page).getByRole("heading", { name: "Register" })).toBeVisible();
  const html = await formOf(page).locator("html").innerHTML();
  for (const word of [person.email, person.firstName, "Sign out", "/logout"]) expect(html).not.toContain(word);
  await expect(formOf(page).getByLabel("E-mail")).toHaveValue("");
  const other = newPerson();
  await registerThere(page, other);
  await page.goto("/account");
  await expect(page.getByText(person.email)).toBeVisible();
});

test("an administrator copies the line for a page, sees the form as it looks there and who may show it", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack, shop }) => {
  await openAsAdmin(page, "/admin/settings/embed");
  await expect(page.getByText(`Sites that may show the form now: ${shop.origin}, ${shop.neighbour}`)).toBeVisible();
  await expect(page.getByText("Set by the environment variable EMBED_ORIGINS")).toBeVisible();
  await page.getByText("Preview: The main form").click();
  await expect(formOf(page).getByRole("heading", { name: "Register" })).toBeVisible();
  // Also to an administrator, whose cookies come with it, it is the form of a stranger.
  expect(await formOf(page).locator("html").innerHTML()).not.toContain("Sign out");
  expect(await accessibilityViolations(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  const lines = await page.locator("pre").allTextContents();
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line).toContain(stack.baseURL);
    shop.show(line);
    await page.goto(shop.origin);
    await expect(formOf(page).getByRole("heading", { name: "Register" })).toBeVisible();
  }
});

test("another form in the frame asks its own questions, takes the page's parameters, and says what its owner wrote", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack, shop }) => {
  const words = (en: string) => ({ en, ru: "" });
  const question = { help: words(""), required: false };
  const items = [
    { question: { ...question, key: "embed_size", kind: "text", label: words("Size"), required: true } },
    { question: { ...question, key: "embed_city", kind: "hidden", label: words("City"), parameter: "city" } },
  ];
  const definition = { heading: words("Evenings"), items, after: { kind: "text", text: words("See you at seven.") } };
  await stack.db.form.create({ data: { slug: "evenings", name: "Evenings", definition } });
  await expect.poll(async () => (await fetch(`${stack.baseURL}/embed/evenings`)).status).toBe(200);

  await openAsAdmin(page, "/admin/settings/embed");
  const line = await page.locator("pre", { hasText: 'data-form="evenings"' }).textContent();
  expect(line).toContain('data-pass="city"');
  const bare = await page.locator("pre", { hasText: "/embed/evenings" }).textContent();
  await page.context().clearCookies();
  for (const shown of [line, bare]) {
    shop.show(shown ?? "");
    await page.goto(`${shop.origin}/?city=%D0%A3%D1%84%D0%B0&other=secret`);
    const form = formOf(page);
    await expect(form.getByRole("heading", { name: "Evenings" })).toBeVisible();
    const person = newPerson();
    await fillRegistration(form, person, { only: ["firstName", "email", "phone", "password"] });
    await sendRegistration(form);
    await expect(form.getByLabel("Size")).toHaveAccessibleDescription("Please fill this in.");
    await form.getByLabel("Size").fill("XL");
    await sendRegistration(form);
    await expect(form.getByText("See you at seven.")).toBeVisible();
    const user = await stack.db.user.findUniqueOrThrow({ where: { email: person.email } });
    expect(user.answers).toEqual({ embed_size: "XL", embed_city: "Уфа" });
    expect(user.formId).not.toBeNull();
  }
  await stack.db.form.updateMany({ where: { slug: "evenings" }, data: { closedAt: new Date() } });
  await expect.poll(async () => (await fetch(`${stack.baseURL}/embed/evenings`)).status).toBe(410);
  await page.goto(shop.origin);
  await expect(formOf(page).getByText("This form no longer accepts registrations.")).toBeVisible();
  // What was registered needs the form's settings, so it is closed and not removed.
  expect(await stack.db.user.count({ where: { answers: { path: ["embed_city"], equals: "Уфа" } } })).toBe(2);
});
