import { randomInt, randomUUID } from "node:crypto";
import type { Locator, Page, Route } from "@playwright/test";
import type { Prisma } from "../prisma/generated/client";
import { administrator, expect } from "./fixtures";
import { alive } from "./page-script";
import { signIn } from "./people";
import type { Stack } from "./stack";

/** Signs the administrator in, in place of a person who is signed in, and opens a page of the administration. */
export async function openAsAdmin(page: Page, path: string): Promise<void> {
  await page.context().clearCookies({ name: /session$/ });
  await page.goto(`/login?redirectTo=${encodeURIComponent(path)}`);
  await signIn(page, administrator);
  await expect(page).toHaveURL(path);
}

/** The same, for what only the page's script does: without it the form of signing in opens a new document. */
export async function openWithScript(page: Page, path: string): Promise<void> {
  await openAsAdmin(page, path);
  await alive(page);
}

/**
 * Stops the page's clock once its script runs: a message that goes by itself then stays, however busy the machine is, until
 * the spec lets time pass by `page.clock`.
 */
export async function stopTime(page: Page): Promise<void> {
  await expect(page.getByRole("button", { name: /^(Search or go to a page|Поиск)$/ })).toBeAttached();
  await page.clock.install();
  await page.clock.pauseAt(new Date(Date.now() + 60_000));
}

/** People with a company domain of their own, so that a spec finds only its own people. */
export async function makePeople({ db }: Stack, people: Partial<Prisma.UserCreateManyInput>[]) {
  const company = `${randomUUID().slice(0, 8)}.example`;
  await db.user.createMany({
    data: people.map((person, index) => ({
      email: `person-${index}@${company}`,
      firstName: `Person ${index}`,
      phone: `+79${String(randomInt(1e9)).padStart(9, "0")}`,
      crmState: "SYNCED" as const,
      createdAt: new Date(Date.now() - index * 60_000),
      ...person,
    })),
  });
  const users = await db.user.findMany({
    where: { email: { endsWith: `@${company}` } },
    orderBy: { createdAt: "desc" },
  });
  return { company, users, list: `/admin/users?q=${encodeURIComponent(`@${company}`)}` };
}

/** By the page's switch, which on a phone lies in the closed menu. */
export async function switchLanguage(page: Page, language: "ru" | "en"): Promise<void> {
  await page.locator(`button[name=lang][value=${language}]`).first().dispatchEvent("click");
  await expect(page.locator("html")).toHaveAttribute("lang", language);
}

/** Moves the focus by the Tab key, and fails if it never reaches the element. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let step = 0; step < 80; step++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`The keyboard does not reach ${target}.`);
}

/**
 * Clicks, and clicks again after the server has acted and before its answer has arrived, as people do if nothing seems
 * to happen.
 */
export async function clickTwice(page: Page, button: Locator): Promise<void> {
  const element = await button.elementHandle();
  let acted = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = async (route: Route) => {
    // A page may check the connection by itself meanwhile: that is no click.
    const sent = route.request();
    if (sent.method() !== "POST" || sent.postData() === "intent=check") return route.fallback();
    // The test may end while a request is in flight that it no longer needs.
    const response = await route.fetch().catch(() => null);
    if (!response) return route.abort().catch(() => {});
    acted += 1;
    await held;
    // A person who submits a form again no longer waits for the first answer.
    await route.fulfill({ response }).catch(() => {});
  };
  await page.route("**/*.data*", hold);
  await button.click();
  await expect.poll(() => acted).toBe(1);
  await element?.evaluate((node) => (node as HTMLElement).click());
  release();
}
