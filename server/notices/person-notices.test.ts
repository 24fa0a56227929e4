import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Mailbox, startMailbox } from "../../e2e/mail/mailbox";
import type { Prisma } from "../../prisma/generated/client";
import { systemActor } from "../audit/actor";
import { deletePortion } from "../database/old-rows";
import { openForms } from "../forms/forms";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createMail } from "../platform/mail";
import { erasePerson } from "../privacy/erase";
import { copyPerson } from "../privacy/own-data";
import { createQueue } from "../queue/queue";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { followNoticeKinds } from "./notice-kinds";
import { NoticeSender } from "./notice-sender";
import { claimNotice, oldNotices } from "./person-notices";

let database: TestDatabase;
let mailbox: Mailbox;
let seen = 0;
beforeAll(async () => {
  [database, mailbox] = await Promise.all([createTestDatabase(), startMailbox()]);
});
afterAll(() => Promise.all([database.drop(), mailbox.close()]));
afterEach(async () => {
  mailbox.refuse(false);
  seen = mailbox.mails.length;
  await database.db.user.deleteMany();
  await database.db.noticeKind.deleteMany();
});

const both = { WELCOME_MAIL: "on", MANAGER_MAIL: "on", MANAGER_EMAILS: "boss@example.com, sales@example.com" };
const mails = () => mailbox.mails.slice(seen);
const rows = () => database.db.personNotice.findMany({ orderBy: [{ userId: "asc" }, { kind: "asc" }] });
const makeDue = () => database.db.personNotice.updateMany({ data: { nextAttemptAt: new Date(0) } });

/** A process with these settings, which the trigger knows of. */
async function desk(environment: Record<string, string> = both) {
  const { db } = database;
  const lines: string[] = [];
  const log = createLog("debug", { write: (line) => void lines.push(line) });
  const given = { SMTP_URL: mailbox.smtpUrl, MAIL_FROM: "desk@example.com", APP_URL: "https://desk.example.com" };
  const env = parseEnv({ ...given, SITE_NAME: "School", ...environment });
  await followNoticeKinds({ db, env });
  const deps = { db, env, log, mail: createMail(env, log), forms: await openForms({ db, log }, { follow: false }) };
  return { ...deps, lines, send: () => new NoticeSender(deps).runDue() };
}

/** A person who has registered and agreed, and is not in the CRM yet. */
const register = (overrides: Partial<Prisma.UserUncheckedCreateInput> = {}) =>
  makeUser(database.db, {
    consents: { create: { kind: "registration", version: "1", locale: "ru" } },
    attribution: { create: { first: {}, last: {} } },
    ...overrides,
  });
const arrived = () =>
  ({ crmState: "SYNCED", crmSyncedAt: new Date(), bitrix24ContactId: 6, bitrix24DealId: 10 }) as const;
const arrive = (id: number) => database.db.user.update({ where: { id }, data: arrived() });

test("by default nobody is mailed, and nothing is written for it", async () => {
  const { send } = await desk({});
  const { id } = await register();
  await arrive(id);
  await send();
  expect(await rows()).toEqual([]);
  expect(mails()).toEqual([]);
});

test("once a person is in the CRM, and not before, the person and the managers get a mail, each once", async () => {
  const { send } = await desk();
  const product = { id: 1777, name: "Course", priceUsd: 149 };
  const { id, email } = await register({ firstName: "Ольга", lastName: "Иванова", company: null, crmProduct: product });
  await send();
  expect(mails()).toEqual([]);
  await arrive(id);
  await Promise.all([send(), send()]);
  await send();
  const [welcome, manager, ...more] = mails().sort((a) => (a.to[0] === email ? -1 : 1));
  expect(more).toEqual([]);
  expect(welcome).toMatchObject({ to: [email], subject: "Вы зарегистрированы: School" });
  expect(welcome?.text).toContain("Здравствуйте, Ольга!");
  expect(welcome?.text).toContain("https://desk.example.com/account");
  expect(manager).toMatchObject({
    to: ["boss@example.com", "sales@example.com"],
    subject: "Новая регистрация: Ольга Иванова",
  });
  expect(manager?.text).toContain(`Почта: ${email}`);
  expect(manager?.text).toContain("Товар: Course");
  expect(manager?.text).toContain(`https://desk.example.com/admin/users/${id}`);
  expect(manager?.text).not.toContain("Компания");
  expect((await rows()).map(({ kind, state }) => [kind, state])).toEqual([
    ["manager", "sent"],
    ["welcome", "sent"],
  ]);
});

test("a registration that is sent again to the CRM mails nobody again, also after the records are gone", async () => {
  const { send } = await desk();
  const { id } = await register();
  await arrive(id);
  await send();
  expect(mails()).toHaveLength(2);
  await database.db.personNotice.deleteMany();
  await database.db.user.update({ where: { id }, data: { crmState: "PENDING" } });
  await arrive(id);
  await send();
  expect(mails()).toHaveLength(2);
});

test("nobody is mailed about imported people, test registrations, administrators and changes that are rolled back", async () => {
  const { send } = await desk();
  const { db } = database;
  const people = [
    await makeUser(db),
    await register({ email: "trial@example.invalid" }),
    await register({ role: "ADMIN" }),
    await register({ crmSyncedAt: new Date(0) }),
  ];
  for (const { id } of people) await arrive(id);
  const { id } = await register();
  const undone = db.$transaction(async (tx) => {
    await tx.user.update({ where: { id }, data: arrived() });
    throw new Error("rolled back");
  });
  await expect(undone).rejects.toThrow("rolled back");
  await send();
  expect(await rows()).toEqual([]);
});

test("the welcome mail is in the person's language and the managers' in theirs, with the owner's words", async () => {
  const { send } = await desk({
    ...both,
    WELCOME_SUBJECT_EN: "Hi {name}!",
    WELCOME_TEXT_EN: "№{number}\n\nDear {firstName} {lastName}, you chose {answer.level}.",
    MANAGER_LANGUAGE: "en",
  });
  const { id } = await register({ firstName: "Ann", locale: "en" });
  await arrive(id);
  await send();
  expect(
    mails()
      .map(({ subject }) => subject)
      .sort(),
  ).toEqual(["Hi Ann!", "New registration: Ann"]);
  expect(
    mails()
      .find(({ subject }) => subject.startsWith("Hi"))
      ?.text.trim(),
  ).toBe(`№${id}\n\nDear Ann, you chose.`);
});

test("what a visitor typed is neither header nor placeholder nor link in a mail", async () => {
  const { send } = await desk({
    ...both,
    WELCOME_SUBJECT_RU: "{firstName} {company}",
    WELCOME_TEXT_RU: "{name} / {company}",
  });
  const { id, email } = await register({
    firstName: "Eve\r\nBcc: all@example.org",
    lastName: "https://evil.example.com/win",
    company: "evil.example.com {email} <b>x</b>\r\nX-Evil: 1",
  });
  const other = await register({ firstName: "{email}", company: "evil.example.com" });
  await arrive(id);
  await arrive(other.id);
  await send();
  expect(
    mails()
      .map(({ to }) => to.join())
      .sort(),
  ).toEqual([email, other.email, ...Array(2).fill("boss@example.com,sales@example.com")].sort());
  for (const { subject, text } of mails()) {
    expect(subject).not.toMatch(/[\r\n]/);
    expect(`${subject}\n${text}`).not.toMatch(/evil\.example|win\b|X-Evil|<b>/);
  }
  expect(mails().find(({ to }) => to[0] === other.email)?.text).toContain("{email}");
});

test("a mail server that is away delays the mails, loses none, and the log names nobody", async () => {
  const { send, lines } = await desk();
  const { id, email } = await register({ firstName: "Пелагея" });
  await arrive(id);
  mailbox.refuse(true);
  await send();
  expect((await rows()).map(({ state, attempts, error }) => [state, attempts, error])).toEqual([
    ["pending", 1, "REFUSED"],
    ["pending", 1, "REFUSED"],
  ]);
  expect(lines.join("")).not.toMatch(new RegExp(`Пелагея|${email}`));
  mailbox.refuse(false);
  await send();
  expect(mails()).toEqual([]);
  await makeDue();
  await send();
  expect(mails()).toHaveLength(2);
});

test("a mail whose process died is taken over, and given up after the last attempt", async () => {
  const { db, send } = await desk({ WELCOME_MAIL: "on" });
  const { id } = await register();
  await arrive(id);
  expect(await claimNotice({ db }, "welcome")).toMatchObject({ userId: id, attempts: 1 });
  await send();
  expect(mails()).toEqual([]);
  await makeDue();
  await send();
  expect(mails()).toHaveLength(1);
  await db.personNotice.updateMany({ data: { state: "pending", attempts: 9, nextAttemptAt: new Date(0) } });
  mailbox.refuse(true);
  await send();
  expect(await rows()).toMatchObject([{ state: "failed", attempts: 10, error: "REFUSED" }]);
});

test("a person whom the mail server refuses keeps no other person's mail back", async () => {
  const { db, send } = await desk({ WELCOME_MAIL: "on" });
  const [first, second] = [await register(), await register()];
  await arrive(first.id);
  await arrive(second.id);
  mailbox.refuse(true);
  await send();
  mailbox.refuse(false);
  await send();
  expect(mails().map(({ to }) => to)).toHaveLength(1);
  expect(await db.personNotice.count({ where: { state: "pending" } })).toBe(1);
});

test("who has withdrawn the consent gets no mail, also where the registration had arrived before", async () => {
  const { id } = await register();
  const { send } = await desk();
  await arrive(id);
  await database.db.consent.updateMany({ where: { userId: id }, data: { withdrawnAt: new Date() } });
  await send();
  expect(mails()).toEqual([]);
  expect(await rows()).toMatchObject(["manager", "welcome"].map((kind) => ({ kind, state: "failed", error: "OFF" })));
});

test("what was switched off meanwhile is not sent", async () => {
  const { id } = await register();
  const { send } = await desk();
  await arrive(id);
  await (await desk({ WELCOME_MAIL: "off" })).send();
  expect(mails()).toEqual([]);
  expect((await rows()).every(({ state, error }) => state === "failed" && error === "OFF")).toBe(true);
  await send();
  expect(mails()).toEqual([]);
});

test("a process that has not read yet that mails were switched on leaves them to those that have", async () => {
  const late = await desk({});
  const { send } = await desk({ WELCOME_MAIL: "on" });
  const { id } = await register();
  await arrive(id);
  await late.send();
  expect(await rows()).toMatchObject([{ state: "pending", attempts: 0 }]);
  await send();
  expect(mails()).toHaveLength(1);
});

test("the mail goes to the address that the person has at that moment", async () => {
  const { db, send } = await desk({ WELCOME_MAIL: "on" });
  const { id } = await register();
  await arrive(id);
  await db.user.update({ where: { id }, data: { email: "new@example.com" } });
  await send();
  expect(mails().map(({ to }) => to)).toEqual([["new@example.com"]]);
});

test("the copy for the person lists the mails, and an erased person gets none", async () => {
  const services = await desk();
  const { db, send } = services;
  const { id } = await register();
  await arrive(id);
  const actor = systemActor;
  const copy = await copyPerson(services, { actor, userId: id, forAdministrator: false });
  expect(copy.mailsOfArrival).toMatchObject([
    { kind: "manager", state: "pending" },
    { kind: "welcome", state: "pending" },
  ]);
  const queue = await createQueue({ pool: database.pool, log: services.log, supervise: false });
  await erasePerson({ ...services, queue }, { actor, userId: id, cause: "self" });
  await queue.stop();
  expect(await rows()).toEqual([]);
  await send();
  expect(mails()).toEqual([]);
  expect(await db.user.count({ where: { id, erasedAt: { not: null } } })).toBe(1);
});

test("records of mails go after thirty days", async () => {
  const { db } = await desk();
  const { id } = await register();
  await arrive(id);
  const day = 24 * 3_600_000;
  await db.personNotice.updateMany({ where: { kind: "welcome" }, data: { at: new Date(Date.now() - 31 * day) } });
  await db.personNotice.updateMany({ where: { kind: "manager" }, data: { at: new Date(Date.now() - 29 * day) } });
  await deletePortion(db, oldNotices());
  expect(await rows()).toMatchObject([{ kind: "manager" }]);
});
