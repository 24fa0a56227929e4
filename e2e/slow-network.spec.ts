import type { Page, Route } from "@playwright/test";
import { expect, test } from "./fixtures";
import { alive, isAlive } from "./page-script";
import { fillRegistration, newPerson } from "./people";
import { administrator } from "./stack";

// The pages on which strangers decide whether to stay, over a network on which everything comes late.

/** Keeps answers back until they are released. */
async function hold(page: Page, url: string | RegExp, isHeld: (route: Route) => boolean = () => true) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let count = 0;
  await page.route(url, async (route) => {
    if (isHeld(route)) {
      count++;
      await released;
    }
    await route.continue();
  });
  return { release, held: () => count };
}

interface Shift {
  value: number;
  what: string;
}

/** The browser reports layout shifts from the first paint on, except those that follow a click or a key. */
const watchShifts = (page: Page) =>
  page.addInitScript(() => {
    const shifts: Shift[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & { value: number; sources: { node: Node | null }[] };
        const what = sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 80) : "text"));
        shifts.push({ value, what: what.join(", ") });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });

/** After the next frame, in which the browser tells what has moved in the one before. */
const shiftsOf = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<Shift[]>((resolve) =>
        requestAnimationFrame(() =>
          requestAnimationFrame(() => resolve((window as { shifts?: Shift[] }).shifts ?? [])),
        ),
      ),
  );

for (const path of ["/", "/register", "/login"])
  test(`nothing moves on ${path} when scripts and fonts come late`, { tag: "@desktop" }, async ({ page }) => {
    await watchShifts(page);
    const scripts = await hold(page, /\.js$/);
    const fonts = await hold(page, /\.woff2$/);
    await page.goto(path, { waitUntil: "commit" });
    await expect(page.getByRole("contentinfo")).toBeVisible();
    await expect.poll(scripts.held).toBeGreaterThan(0);
    await expect.poll(fonts.held).toBeGreaterThan(0);
    expect(await isAlive(page)).toBe(false);
    expect(await shiftsOf(page)).toEqual([]);
    scripts.release();
    await alive(page);
    expect(await shiftsOf(page)).toEqual([]);
    fonts.release();
    await page.evaluate(() => document.fonts.ready.then(() => null));
    expect(await page.evaluate(() => [...document.fonts].some(({ status }) => status === "loaded"))).toBe(true);
    // The letters take another's place: no line, and no more than the ends of short words beside them.
    const moved = await shiftsOf(page);
    expect(
      moved.reduce((sum, { value }) => sum + value, 0),
      JSON.stringify(moved),
    ).toBeLessThan(0.01);
  });

const forms = [
  {
    path: "/register",
    label: "Register",
    busy: "Registering…",
    fill: (page: Page) => fillRegistration(page, newPerson()),
  },
  {
    path: "/login",
    label: "Sign in",
    busy: "Signing in…",
    fill: async (page: Page) => {
      await page.locator("main [name=email]").fill(administrator.email);
      await page.locator("main [name=password]").fill(administrator.password);
    },
  },
];

for (const { path, label, busy, fill } of forms)
  test(`${path} says that it is sending as long as it is, and sends once`, { tag: ["@desktop", "@stack"] }, async ({
    page,
  }) => {
    const posts = await hold(page, /./, (route) => route.request().method() === "POST");
    await page.goto(path);
    await alive(page);
    await fill(page);
    const button = page.locator("main form button[type=submit]");
    await expect(button).toHaveText(label);
    await page.evaluate(() => document.fonts.ready.then(() => null));
    const before = await button.boundingBox();
    await button.click();
    await expect(button.getByRole("status")).toHaveText(busy);
    await expect(button).toHaveAttribute("aria-disabled", "true");
    // As large as before: what the reader is about to read does not move.
    expect(await button.boundingBox()).toEqual(before);
    await button.click({ force: true });
    await page.keyboard.press("Enter");
    expect(new URL(page.url()).pathname).toBe(path);
    await expect.poll(posts.held).toBe(1);
    posts.release();
    await expect(page).not.toHaveURL(new RegExp(`${path}$`));
    expect(posts.held()).toBe(1);
  });
