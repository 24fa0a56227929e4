import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect } from "./fixtures";
import type { Stack } from "./stack";

export interface Person {
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  password: string;
}

/** A person that no other spec registers: specs share a database. `details` are what matters to the spec. */
export function newPerson(details: Partial<Person> = {}): Person {
  const id = randomUUID();
  return {
    firstName: "Анна",
    lastName: "О'Нил",
    email: `anna-${id}@example.com`,
    phone: `8 9${String(Number.parseInt(id.slice(0, 8), 16))
      .padStart(9, "0")
      .slice(-9)}`,
    password: "correct horse battery",
    ...details,
  };
}

/** A page, or the form inside a page of another site. */
type Place = Pick<Page, "getByLabel" | "getByRole">;

const labels: Record<keyof Person, string> = {
  firstName: "First name",
  lastName: "Last name",
  email: "E-mail",
  phone: "Phone",
  password: "Password",
};
const all = Object.keys(labels) as (keyof Person)[];

/** Fills the form on /register in, in English; `only`: the fields that a changed form has. */
export async function fillRegistration(
  page: Place,
  person: Person,
  { consent = true, only = all } = {},
): Promise<void> {
  for (const name of only) await page.getByLabel(labels[name]).fill(person[name]);
  await page.getByLabel("I agree to the processing of my details").setChecked(consent);
}

export const sendRegistration = (page: Place) =>
  page.getByRole("main").getByRole("button", { name: "Register" }).click();

/** Registers a new person in the browser, who is then signed in and on /account. */
export async function register(page: Page, details: Partial<Person> = {}): Promise<Person> {
  const person = newPerson(details);
  await page.goto("/register");
  await fillRegistration(page, person);
  await sendRegistration(page);
  await expect(page).toHaveURL("/account");
  // The address changes before the page does.
  await expect(page.locator("[data-crm-state]")).toBeVisible();
  return person;
}

export async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  // By name, so that specs in Russian sign in as well.
  const form = page.getByRole("main").locator("form:has(input[name=password])");
  await form.locator("input[name=email]").fill(email);
  await form.locator("input[name=password]").fill(password);
  await form.getByRole("button").click();
}

/**
 * The portal's records of this person: the deals marked with the user's id and their rows; the contacts that were made for
 * the person, and those that the deals are linked with, which may have been there before.
 */
export async function onPortal({ db, portal }: Stack, { email }: { email: string }) {
  const user = await db.user.findUniqueOrThrow({ where: { email } });
  const originId = `user-${user.id}`;
  const deals = [...portal.deals.values()].filter((deal) => deal.originId === originId);
  return {
    user,
    deals,
    contacts: [...portal.contacts.values()].filter((contact) => contact.originId === originId),
    linked: deals.flatMap(({ contactIds }) => contactIds.flatMap((id) => portal.contacts.get(id) ?? [])),
    rows: deals.flatMap((deal) => portal.rows.get(deal.id) ?? []),
  };
}
