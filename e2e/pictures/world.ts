import { randomBytes } from "node:crypto";
import type { Browser, Page } from "@playwright/test";
import { createAdmin } from "../../server/auth/admins";
import { createApiToken } from "../../server/auth/api-tokens";
import { parseEnv } from "../../server/platform/env";
import { createWebhook } from "../../server/webhooks/webhooks";
import { administrator, expect } from "../fixtures";
import { newPerson, signIn } from "../people";
import type { Stack } from "../stack";
import { type Invented, invented } from "./people";

type Session = Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;

/** What the pictures show, and the addresses that only a running site knows. */
export interface World {
  sessions: { admin: Session; person: Session };
  /** A person with contact, deal and payment; one whom the portal refused; one who was erased. */
  person: number;
  failed: number;
  erased: number;
  conflict: number;
  form: number;
  /** Paths of mailed links. */
  confirmation: string;
  reset: string;
  withFactor: { email: string; password: string };
  list: { name: string; mimeType: string; buffer: Buffer };
}

/** How many of the invented people really go to the portal, so that their pages show true steps. */
const sent = 8;

export async function makeWorld(stack: Stack, browser: Browser): Promise<World> {
  const { db, portal } = stack;
  const { id: adminId } = await db.user.findFirstOrThrow({ where: { role: "ADMIN" } });
  const actor = { kind: "USER", id: adminId, role: "ADMIN" } as const;
  const { token } = await createApiToken({ db }, { actor, name: "Online shop" });
  const as = callAs(stack, token);

  const [refused, ...arriving] = invented.slice(0, sent + 1).reverse();
  if (!refused) throw new Error("There is nobody to refuse.");
  portal.fail({ kind: "command", code: "ERROR_CORE", text: "Unknown error", match: refused.email });
  for (const person of arriving) await as("/api/registrations", registration(person));
  await as("/api/registrations", registration(refused));
  await expect.poll(() => db.user.count({ where: { bitrix24DealId: { not: null } } })).toBe(sent);
  await expect.poll(() => db.user.count({ where: { crmError: { not: null } } })).toBe(1);
  portal.clearFaults();
  await db.user.update({ where: { email: refused.email }, data: { crmState: "FAILED", crmNextAttemptAt: null } });
  for (const [index, person] of invented.slice(sent + 1).entries()) await db.user.create({ data: row(person, index) });
  for (const person of invented) await settle(stack, person);

  const paid = await db.user.findMany({ where: { email: { in: emailsOf(invented.filter(({ isPaid }) => isPaid)) } } });
  for (const { id } of paid.slice(0, 6)) await as("/api/users/update-payment", { userId: id, isPaid: true });
  await db.user.update({ where: { email: invented[19]?.email ?? "" }, data: { crmState: "HELD", holds: ["review"] } });
  await db.user.update({ where: { email: invented[21]?.email ?? "" }, data: { crmState: "HELD", holds: ["review"] } });

  const [person, other] = await db.user.findMany({ where: { email: { in: emailsOf(arriving) }, isPaid: true } });
  if (!person || !other) throw new Error("Two people have to be paid and on the portal.");
  const conflict = await db.conflict.create({
    data: { kind: "DEAL_DELETED", userId: other.id, portalId: other.bitrix24DealId ?? 0 },
  });
  const lost = await db.conflict.create({
    data: { kind: "DEAL_LOST", userId: person.id, portalId: person.bitrix24DealId ?? 0, details: { stageId: "LOSE" } },
  });
  const form = await db.form.create({ data: { slug: "workshop", name: "Workshop", definition: workshop } });
  const env = parseEnv({ SESSION_SECRET: stack.sessionSecret, WEBHOOK_INTERNAL_HOSTS: "127.0.0.1" });
  const hook = { actor, url: "http://127.0.0.1:9/orders", events: ["registration.synced" as const] };
  await createWebhook({ db, env }, hook).catch(() => undefined);

  const withFactor = { email: "second@example.com", password: randomBytes(12).toString("base64url") };
  await createAdmin({ db }, withFactor);
  const { id: factorId } = await db.user.findUniqueOrThrow({ where: { email: withFactor.email } });
  // The second factor is only asked for: no picture shows this administrator signed in.
  await db.secondFactor.create({ data: { userId: factorId, secret: "unreadable", lastStep: 0 } });

  return {
    ...(await visitSite(stack, browser)),
    person: person.id,
    failed: (await db.user.findUniqueOrThrow({ where: { email: refused.email } })).id,
    conflict: lost.id > conflict.id ? conflict.id : lost.id,
    form: form.id,
    withFactor,
    list: listOf(invented.slice(0, 4)),
  };
}

const emailsOf = (people: Invented[]) => people.map(({ email }) => email);

const registration = ({ firstName, lastName, company, email, phone }: Invented) => ({
  firstName,
  lastName,
  ...(company ? { company } : {}),
  email,
  phone,
  consent: "on",
});

/** A person of earlier weeks, whose records stand below what the pictures show of the portal. */
const row = ({ marks, ago, isPaid, ...details }: Invented, index: number) => ({
  ...details,
  crmState: "SYNCED" as const,
  bitrix24ContactId: 2101 + index,
  bitrix24DealId: 6101 + index,
  isPaid,
  paidAt: isPaid ? new Date(Date.now() - ago / 2) : null,
});

/** A request of a program, with a token of the administrator's. */
function callAs({ baseURL }: Stack, token: string) {
  let number = 0;
  return async (path: string, body: object): Promise<void> => {
    number += 1;
    const headers = { authorization: `Bearer ${token}`, "idempotency-key": `picture-${number}-of-this-run` };
    const answer = await fetch(baseURL + path, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
}

/** When the person came, and from where. */
async function settle({ db }: Stack, { email, marks, ago }: Invented): Promise<void> {
  const createdAt = new Date(Date.now() - ago);
  await db.user.update({
    where: { email },
    data: {
      createdAt,
      ...(marks
        ? { source: marks.utm_source ?? null, campaign: marks.utm_campaign ?? null, attribution: touch(marks) }
        : {}),
    },
  });
}

const touch = (marks: Record<string, string>) => ({
  upsert: { create: { first: marks, last: marks }, update: { first: marks, last: marks } },
});

/** What people do on the site: one registers, one is erased, and both administrators and people stay signed in. */
async function visitSite(stack: Stack, browser: Browser) {
  const context = await browser.newContext({ baseURL: stack.baseURL, locale: "en-US" });
  const page = await context.newPage();
  const registered = { ...newPerson(), email: "vera@example.com", firstName: "Vera", lastName: "Klimova" };
  await page.goto("/register");
  for (const name of ["firstName", "lastName", "email", "phone", "password"] as const)
    await page.locator(`main [name=${name}]`).fill(registered[name]);
  await page.locator("main [name=consent]").check();
  await page.locator("main form button[type=submit]").last().click();
  await page.waitForURL("**/account");
  await expect(page.locator("[data-crm-state=synced]")).toBeVisible();
  const person = await context.storageState();
  const confirmation = await linkTo(stack, registered.email, 1);
  await context.clearCookies();

  await page.goto("/forgot");
  await page.locator("main [name=email]").fill(registered.email);
  await page.locator("main form button[type=submit]").last().click();
  const reset = await linkTo(stack, registered.email, 2);

  const leaving = await stack.db.user.findUniqueOrThrow({ where: { email: invented.at(-1)?.email ?? "" } });
  await page.goto(`/login?redirectTo=/admin/users/${leaving.id}/rights`);
  await signIn(page, administrator);
  await page
    .locator("main details", { has: page.locator("button[value=erase]") })
    .locator("summary")
    .click();
  await page.locator("main button[value=erase]").click();
  await page.waitForURL(`**/admin/rights/${leaving.id}`);
  const admin = await context.storageState();
  await context.close();
  return { sessions: { admin, person }, confirmation, reset, erased: leaving.id };
}

/** The path of the link in a mail to the address. */
async function linkTo({ mailbox }: Stack, address: string, number: number): Promise<string> {
  const found = () => mailbox.mails.filter(({ to }) => to.includes(address));
  await expect.poll(() => found().length).toBeGreaterThanOrEqual(number);
  const [link = ""] = /https?:\/\/\S+/.exec(found()[number - 1]?.text ?? "") ?? [];
  return new URL(link).pathname;
}

const workshop = {
  heading: { en: "A day in the workshop", ru: "День в мастерской" },
  lead: { en: "Twelve seats, tools are there.", ru: "Двенадцать мест, инструменты — наши." },
  after: { kind: "text", text: { en: "Your seat is kept. See you soon!", ru: "Место за вами. До встречи!" } },
};

function listOf(people: Invented[]): World["list"] {
  const lines = people.map(({ firstName, lastName }, index) =>
    [firstName, lastName, `list${index}@example.com`, `8 912 555-0${index}-11`, index === 0 ? "да" : ""].join(";"),
  );
  const text = ["Имя;Фамилия;Почта;Телефон;Оплачено", ...lines, "Борис;;no-address;12;"].join("\r\n");
  return { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
}
