import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { mailLimitMs } from "../platform/mail";
import { resendMany } from "../queue/resend";
import { registerUser } from "../registration/registration";
import type { RegistrationInput } from "../registration/registration.schema";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { blocked } from "../test/database";
import { admin, makeUser, userOf } from "../test/factories";
import { getUser } from "../users/users";
import { confirmByCode, confirmByLink, readConfirmation } from "./confirm";
import { makeConfirmation } from "./confirmation";
import { maintainConfirmations, sendOverdue } from "./maintenance";
import { resendConfirmation } from "./resend";

let crm: CrmHarness;
let count = 0;

beforeAll(async () => {
  crm = await createCrmHarness();
});
afterAll(() => crm.close());

const withMode = (mode: string) => ({
  ...crm.services,
  env: parseEnv({ NODE_ENV: "test", APP_URL: "https://site.example", EMAIL_CONFIRMATION: mode }),
});

/** Registers with the form's rule and waits for the mail, if one is to come. */
async function register(mode: "required" | "optional" | "off") {
  const email = `confirm-${++count}@example.com`;
  const input: RegistrationInput = {
    firstName: "Анна",
    lastName: undefined,
    company: undefined,
    email,
    phone: `+7921${String(1_000_000 + count)}`,
    password: "correct horse battery",
    consent: "on",
  };
  const services = withMode(mode);
  const { id } = await registerUser(services, { input, utm: { first: null, last: null } as never, locale: "en" });
  const mail = mode === "off" ? undefined : await mailTo(email);
  return { id, email, services, ...(mail ? partsOf(mail.text) : { token: "", code: "" }) };
}

async function mailTo(email: string, number = 1) {
  const found = () => crm.mails.filter((mail) => mail.to === email);
  await expect.poll(() => found().length).toBe(number);
  return found().at(-1) as CrmHarness["mails"][number];
}

const partsOf = (text: string) => ({
  token: /https:\/\/site\.example\/confirm\/([\w-]{43})/.exec(text)?.[1] ?? "",
  code: /\b(\d{6})\b/.exec(text)?.[1] ?? "",
});
const hasJob = async (id: number) =>
  (
    await crm.services.pool.query("select 1 from pgboss.job where name = 'crm-registration' and singleton_key = $1", [
      String(id),
    ])
  ).rows.length > 0;
const confirmationsOf = (targetId: number) =>
  crm.services.db.auditEntry.findMany({ where: { targetId, action: "email.confirm" } });
/** Another code than the right one. */
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

test("the mailed link confirms the address once, and not before it is used", async () => {
  const { id, services, token } = await register("optional");
  expect(await readConfirmation(services, token)).toMatchObject({ userId: id, purpose: "confirm" });
  expect((await userOf(crm, id)).emailConfirmedAt).toBeNull();

  expect(await confirmByLink(services, token)).toBe("confirmed");
  expect((await userOf(crm, id)).emailConfirmedAt).not.toBeNull();
  expect(await confirmByLink(services, token)).toBe("dead");
  expect(await readConfirmation(services, token)).toBeNull();
  expect(await confirmationsOf(id)).toMatchObject([{ actorKind: "USER", actorId: id, details: {} }]);
});

test("it is kept when a mail last asked a person to confirm, and of nobody whom none has asked", async () => {
  const { id, services } = await register("optional");
  await expect.poll(async () => (await userOf(crm, id)).confirmationSentAt).toBeInstanceOf(Date);
  const first = (await userOf(crm, id)).confirmationSentAt as Date;
  expect(await resendConfirmation(services, id)).toBe("sent");
  await expect.poll(async () => (await userOf(crm, id)).confirmationSentAt?.getTime()).toBeGreaterThan(first.getTime());
  expect((await userOf(crm, (await register("off")).id)).confirmationSentAt).toBeNull();
});

test("whom a process of an earlier release asks meanwhile counts as asked, before its mail's link expires", async () => {
  const { id, services } = await register("optional");
  await expect.poll(async () => (await userOf(crm, id)).confirmationSentAt).toBeInstanceOf(Date);
  await services.db.user.update({ where: { id }, data: { confirmationSentAt: null } });
  const { sentAt } = await services.db.emailConfirmation.findFirstOrThrow({ where: { userId: id } });
  await services.db.emailConfirmation.updateMany({ where: { userId: id }, data: { expiresAt: new Date(0) } });
  await maintainConfirmations(services);
  expect((await userOf(crm, id)).confirmationSentAt).toEqual(sentAt);
  expect(await services.db.emailConfirmation.count({ where: { userId: id } })).toBe(0);
});

test("the mailed code is taken in the digits of any script, behind the words that the mail has around it", async () => {
  for (const zero of ["０", "٠", "۰", "०"]) {
    const { id, services, code } = await register("optional");
    const typed = code.replace(/\d/g, (digit) => String.fromCodePoint((zero.codePointAt(0) ?? 0) + Number(digit)));
    expect(await confirmByCode(services, { userId: id, code: `Код подтверждения: ${typed}.` })).toBe("confirmed");
  }
});

test("the mailed code does the same, spaces and dashes or not, for its own person only", async () => {
  const { id, services, code } = await register("optional");
  const other = await register("optional");
  expect(await confirmByCode(services, { userId: other.id, code: wrong(other.code) })).toBe("wrong");
  expect(await confirmByCode(services, { userId: id, code: ` ${code.slice(0, 3)}-${code.slice(3)} ` })).toBe(
    "confirmed",
  );
  expect((await userOf(crm, id)).emailConfirmedAt).not.toBeNull();
  expect((await userOf(crm, other.id)).emailConfirmedAt).toBeNull();
});

test("after five wrong codes the right one is not taken either, but the link is", async () => {
  const { id, services, code, token } = await register("optional");
  const outcomes = await Promise.all(
    Array.from({ length: 5 }, () => confirmByCode(services, { userId: id, code: wrong(code) })),
  );
  expect(outcomes).toEqual(Array(5).fill("wrong"));
  expect(await confirmByCode(services, { userId: id, code })).toBe("dead");
  expect(await confirmByLink(services, token)).toBe("confirmed");
});

test("link and code expire", async () => {
  const { id, services, code, token } = await register("optional");
  await services.db.emailConfirmation.updateMany({
    where: { userId: id },
    data: { expiresAt: new Date(Date.now() - 1) },
  });
  expect(await confirmByLink(services, token)).toBe("dead");
  expect(await confirmByCode(services, { userId: id, code })).toBe("dead");
});

test("of two uses of a link at the same moment one wins", async () => {
  const { services, token } = await register("optional");
  const outcomes = await Promise.all([confirmByLink(services, token), confirmByLink(services, token)]);
  expect(outcomes.sort()).toEqual(["confirmed", "dead"]);
});

test("a new mail ends the link before it, and after three within the hour there is none", async () => {
  const { id, email, services, token } = await register("optional");
  for (const number of [2, 3, 4]) {
    expect(await resendConfirmation(services, id)).toBe("sent");
    await mailTo(email, number);
  }
  expect(await confirmByLink(services, token)).toBe("dead");
  expect(await resendConfirmation(services, id)).toBe("limited");
  expect(await confirmByLink(services, partsOf((await mailTo(email, 4)).text).token)).toBe("confirmed");
  expect(await resendConfirmation(services, id)).toBe("confirmed");
});

test("required: the CRM is told once the address is confirmed, and not before", async () => {
  const { id, services, token } = await register("required");
  expect(await userOf(crm, id)).toMatchObject({ crmState: "HELD", holds: ["email"] });
  expect(await hasJob(id)).toBe(false);

  expect(await confirmByLink(services, token)).toBe("confirmed");
  expect(await userOf(crm, id)).toMatchObject({ crmState: "PENDING", holds: [] });
  expect(await hasJob(id)).toBe(true);
});

test("optional: the CRM is told at once; off: no mail is sent", async () => {
  for (const mode of ["optional", "off"] as const) {
    const { id } = await register(mode);
    expect(await userOf(crm, id)).toMatchObject({ crmState: "PENDING", emailConfirmedAt: null });
    expect(await hasJob(id)).toBe(true);
    expect(await crm.services.db.emailConfirmation.count({ where: { userId: id } })).toBe(mode === "off" ? 0 : 1);
  }
});

test("a mail that no server took is sent again, by whichever process is left, with a link that works", async () => {
  const services = withMode("optional");
  const { id, email } = await makeUser(services.db);
  const lost = await services.db.$transaction((tx) =>
    makeConfirmation(tx, services.env, {
      userId: id,
      email,
      purpose: "confirm",
      createdAt: new Date(Date.now() - 120_000),
    }),
  );
  await Promise.all([sendOverdue(services), sendOverdue(services)]);
  const { token } = partsOf((await mailTo(email)).text);
  expect(await confirmByLink(services, lost.token)).toBe("dead");
  expect(await confirmByLink(services, token)).toBe("confirmed");
  await sendOverdue(services);
  expect(crm.mails.filter((mail) => mail.to === email)).toHaveLength(1);
});

test("wrong codes count on while a refused mail is made anew, so that waiting gives no further guesses; its link works", async () => {
  const services = withMode("optional");
  const { id: userId, email } = await makeUser(services.db);
  const createdAt = new Date(Date.now() - 120_000);
  const { code } = await services.db.$transaction((tx) =>
    makeConfirmation(tx, services.env, { userId, email, purpose: "confirm", createdAt }),
  );
  for (let guess = 1; guess <= 5; guess++) await confirmByCode(services, { userId, code: wrong(code) });
  await sendOverdue(services);
  const mailed = partsOf((await mailTo(email)).text);
  expect(await confirmByCode(services, { userId, code: mailed.code })).toBe("dead");
  expect(await confirmByLink(services, mailed.token)).toBe("confirmed");
});

test("a mail that a slow server may still take is not replaced by a second one, which would end its link", async () => {
  const services = withMode("optional");
  const { id, email } = await makeUser(services.db);
  const createdAt = new Date(Date.now() - mailLimitMs - 1_000);
  const made = await services.db.$transaction((tx) =>
    makeConfirmation(tx, services.env, { userId: id, email, purpose: "confirm", createdAt }),
  );
  await sendOverdue(services);
  expect(crm.mails.filter((mail) => mail.to === email)).toEqual([]);
  expect(await confirmByLink(services, made.token)).toBe("confirmed");
});

test("a link that ends while its mail is about to be sent again is not replaced by one that works", async () => {
  const services = withMode("optional");
  const { id, email } = await makeUser(services.db);
  await services.db.$transaction((tx) =>
    makeConfirmation(tx, services.env, {
      userId: id,
      email: `next-${email}`,
      purpose: "change",
      createdAt: new Date(Date.now() - 120_000),
    }),
  );
  let maintained: Promise<void> | undefined;
  await services.db.$transaction(async (tx) => {
    await tx.$executeRaw`select 1 from "User" where id = ${id} for update`;
    maintained = sendOverdue(services);
    await expect.poll(() => blocked(services)).toBe(1);
    await tx.emailConfirmation.deleteMany({ where: { userId: id } });
  });
  await maintained;
  expect(await services.db.emailConfirmation.count({ where: { userId: id } })).toBe(0);
});

test("what was held is let go once the settings no longer demand a confirmation", async () => {
  const { id, services } = await register("required");
  await maintainConfirmations(services);
  expect((await userOf(crm, id)).crmState).toBe("HELD");
  await maintainConfirmations(withMode("optional"));
  expect(await userOf(crm, id)).toMatchObject({ crmState: "PENDING", holds: [] });
  expect(await hasJob(id)).toBe(true);
});

test("a held registration is not sent by an administrator's wish, and counts as pending", async () => {
  const { id, services } = await register("required");
  expect(await resendMany(services, { actor: admin, userIds: [id] })).toEqual({ resent: 0 });
  expect(await userOf(crm, id)).toMatchObject({ crmState: "HELD" });
  expect((await getUser(services, id))?.crmState).toBe("pending");
});

test("neither link nor code stand in the database", async () => {
  const { id, services, token, code } = await register("optional");
  const rows = JSON.stringify(await services.db.emailConfirmation.findMany({ where: { userId: id } }));
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(rows).not.toContain(token);
  expect(rows).not.toContain(`"${code}"`);
});

test("a new address takes the old one's place only when it is confirmed, and the old one is told", async () => {
  const services = withMode("optional");
  const { id, email } = await makeUser(services.db, { emailConfirmedAt: new Date(), locale: "ru" });
  const to = `new-${email}`;
  const made = await services.db.$transaction((tx) =>
    makeConfirmation(tx, services.env, { userId: id, email: to, purpose: "change" }),
  );
  expect((await userOf(crm, id)).email).toBe(email);
  expect(await confirmByLink(services, made.token)).toBe("confirmed");
  expect((await userOf(crm, id)).email).toBe(to);
  expect(await confirmationsOf(id)).toHaveLength(1);
  expect((await mailTo(email)).subject).toBe("Почта изменена");
});

test("an address that was taken meanwhile does not become another person's, and the change stays open to nobody", async () => {
  const services = withMode("optional");
  const [person, other] = [await makeUser(services.db), await makeUser(services.db)];
  const made = await services.db.$transaction((tx) =>
    makeConfirmation(tx, services.env, { userId: person.id, email: other.email, purpose: "change" }),
  );
  expect(await confirmByLink(services, made.token)).toBe("taken");
  expect((await userOf(crm, person.id)).email).toBe(person.email);
});
