import { afterEach, beforeEach, expect, test } from "vitest";
import { systemActor } from "../audit/actor";
import { startSession } from "../auth/auth";
import { enableSecondFactor, newEnrolment } from "../auth/second-factor/enrolment";
import { readCorrection } from "../corrections/corrections";
import { draftImport } from "../import/import-drafts";
import { bytesSource, surveyFile } from "../import/import-file";
import { importPeople } from "../import/import-people";
import { getImport, startImport } from "../import/import-runs";
import { watchImports } from "../import/import-watch";
import { readRows } from "../import/rows";
import { setPaid, setPaidMany } from "../payments/payments";
import { parseEnv } from "../platform/env";
import { registerUser } from "../registration/registration";
import type { RegistrationInput } from "../registration/registration.schema";
import { saveView, setDefaultView } from "../saved-views/saved-views";
import { codeOf } from "../test/authenticator";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { makeAdmin, makeUser } from "../test/factories";
import { hits, readPostgresLog, searchDatabase } from "../test/search-everywhere";
import { everybody } from "../users/filter";
import { listUsers } from "../users/list";
import { getUser } from "../users/users";
import { changeDetails, detailsSchema } from "./change-details";
import { erasePerson } from "./erase";
import { copyPerson } from "./own-data";

let crm: CrmHarness;
beforeEach(async () => {
  crm = await createCrmHarness({ env: { EMAIL_CONFIRMATION: "optional", BITRIX24_PAID_STAGE_ID: "WON" } });
});
afterEach(() => crm.close());

const person = {
  firstName: "Пелагея",
  lastName: "Вырубова-Несравненная",
  company: "Рога и копыта Ltd",
  email: "pelageya@vyrubova.example",
  phone: "+79167654321",
};
/** The person's details in every spelling in which they might be stored. */
const words = [
  "пелагея",
  "аполлинария",
  "копыта",
  "вырубова",
  "рога и копыта",
  "pelageya",
  "vyrubova",
  "9167654321",
  "916 765",
];
async function register(services = crm.services): Promise<number> {
  const input: RegistrationInput = { ...person, password: "correct horse battery", consent: "on" };
  const touch = { utm_source: "news", utm_campaign: `to-${person.email}`, utm_content: "Пелагея" };
  const { id } = await registerUser(services, {
    input,
    utm: { first: touch, last: touch } as never,
    locale: "ru",
  });
  return id;
}

const withMode = (mode: string) => ({
  ...crm.services,
  env: { ...crm.services.env, ERASE_IN_CRM: parseEnv({ ERASE_IN_CRM: mode }).ERASE_IN_CRM },
});
/** All that the stand-in holds, and its log of calls. */
const portalText = () => JSON.stringify([crm.portal.snapshot(), crm.portal.calls]);
const stateOf = async (userId: number) =>
  (await crm.services.db.erasure.findUniqueOrThrow({ where: { userId } })).state;
const synced = (userId: number) =>
  expect
    .poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id: userId } })).crmState)
    .toBe("SYNCED");

for (const mode of ["delete", "anonymise", "keep"] as const)
  test(`erased with ${mode}: nothing of the person is left in database and logs${mode === "keep" ? "" : ", nor on the portal"}`, async () => {
    const { db, pool } = crm.services;
    const admin = await makeAdmin(db);
    const services = withMode(mode);
    const userId = await register(services);
    await startSession(services, userId, "Pelageya's browser");
    await setPaid(services, { actor: admin, userId, isPaid: true, origin: "page" });
    const list = Buffer.from(
      `name;email;phone\n${person.firstName};${person.email};8 (916) 765-43-21\nИван;i@example.com;+79161112233\n`,
      "utf16le",
    );
    const { id: runId } = await draftImport(services, {
      actor: admin,
      bytes: new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xfe]), list])),
    });
    const worker = crm.newWorker();
    worker.start();
    await synced(userId);
    const query = `?q=${encodeURIComponent(person.email)}`;
    await saveView(services, { actor: admin, list: "users", name: "Vyrubova", query, isShared: true });
    // The old details are personal as well, and so is what a manager was told of the new ones.
    const details = detailsSchema.parse({ firstName: "Аполлинария", company: "Копыта", phone: person.phone });
    await changeDetails(services, { actor: systemActor, userId, details });
    await expect.poll(async () => (await readCorrection(services, userId))?.state).toBe("done");
    // A refused statement, which PostgreSQL logs.
    await expect(db.user.create({ data: { ...person, firstName: "Пелагея" } })).rejects.toThrow();
    expect(hits(portalText(), words)).not.toEqual([]);
    expect(await searchDatabase(pool, words)).not.toEqual([]);

    await erasePerson(services, { actor: systemActor, userId, cause: "self" });
    await expect.poll(() => stateOf(userId)).toBe("done");

    expect(await searchDatabase(pool, words)).toEqual([]);
    expect(hits(JSON.stringify(crm.lines), words)).toEqual([]);
    const { createdAt } = await db.user.findUniqueOrThrow({ where: { id: userId } });
    const line = { msg: "a person was erased", userId, registeredAt: createdAt.toISOString(), cause: "self" };
    expect(crm.lines).toContainEqual(expect.objectContaining(line));
    const postgresLog = await readPostgresLog(pool);
    expect(postgresLog).toContain("duplicate key");
    expect(hits(postgresLog, words)).toEqual([]);
    if (mode === "keep") expect(hits(portalText(), words)).not.toEqual([]);
    else expect(hits(portalText(), words)).toEqual([]);
    // Payments and counts stay, and the other people of the list.
    expect(await db.paymentChange.count({ where: { userId } })).toBe(1);
    expect(await db.user.findUniqueOrThrow({ where: { id: userId } })).toMatchObject({ isPaid: true, source: "news" });
    const run = await db.importRun.findUniqueOrThrow({ where: { id: runId } });
    const text = Buffer.from(run.content ?? new Uint8Array()).toString();
    expect(text).toContain("i@example.com");
    const deals = [...crm.portal.deals.values()];
    expect(deals).toHaveLength(mode === "delete" ? 0 : 1);
    expect([...crm.portal.contacts.values()]).toHaveLength(mode === "delete" ? 0 : 1);
  });

test("the second factor of who was an administrator goes with everything else, and is not put back", async () => {
  const { db } = crm.services;
  const { id } = await makeUser(db, { role: "ADMIN" });
  const { secret, sealed } = await newEnrolment(crm.services, id, "Front Desk");
  const request = { userId: id, sealed, userAgent: null };
  await enableSecondFactor(crm.services, { ...request, code: codeOf(secret) });
  await db.user.update({ where: { id }, data: { role: "USER" } });
  const { secondFactor, recoveryCodes } = await copyPerson(crm.services, {
    actor: systemActor,
    userId: id,
    forAdministrator: false,
  });
  expect(secondFactor).toEqual({ enabledAt: expect.any(Date) });
  expect(recoveryCodes).toEqual(Array.from({ length: 10 }, () => ({ usedAt: null })));

  await erasePerson(crm.services, { actor: systemActor, userId: id, cause: "self" });

  await db.recoveryCode.createMany({ data: { userId: id, hash: "late" } });
  const where = { userId: id };
  expect([await db.secondFactor.count({ where }), await db.recoveryCode.count({ where })]).toEqual([0, 0]);
});

test("the saved views of who was an administrator are in the copy, go with everything else, and are not put back", async () => {
  const { db } = crm.services;
  const actor = await makeAdmin(db);
  const list = "users";
  for (const [name, isShared] of [
    ["Mine", false],
    ["Ours", true],
  ] as const) {
    const made = await saveView(crm.services, { actor, list, name, query: "?paid=no", isShared });
    if ("id" in made) await setDefaultView(crm.services, { actor, id: made.id, isDefault: true });
  }
  await db.user.update({ where: { id: actor.id }, data: { role: "USER" } });
  const copy = await copyPerson(crm.services, { actor: systemActor, userId: actor.id, forAdministrator: false });
  const createdAt = expect.any(Date);
  // What a view looks for may be another person's e-mail or phone.
  expect(copy.savedViews).toEqual([
    { list, name: "Mine", isShared: false, createdAt },
    { list, name: "Ours", isShared: true, createdAt },
  ]);

  await erasePerson(crm.services, { actor: systemActor, userId: actor.id, cause: "self" });

  await db.savedView.createMany({ data: { userId: actor.id, list, name: "Late", query: "?paid=no" } });
  expect([await db.savedView.count(), await db.defaultView.count()]).toEqual([0, 0]);
});

test("erasing again changes nothing, and an administrator is not erased", async () => {
  const { db } = crm.services;
  const userId = await register();
  await erasePerson(crm.services, { actor: systemActor, userId, cause: "self" });
  const before = await db.erasure.findUniqueOrThrow({ where: { userId } });
  await erasePerson(crm.services, { actor: systemActor, userId, cause: "admin" });
  expect(await db.erasure.findUniqueOrThrow({ where: { userId } })).toEqual(before);
  expect(await db.auditEntry.findMany({ where: { action: "person.erase" } })).toMatchObject([
    { targetId: userId, details: { cause: "self", mode: "anonymise" } },
  ]);

  const admin = await makeAdmin(db);
  await expect(
    erasePerson(crm.services, { actor: systemActor, userId: admin.id, cause: "self" }),
  ).rejects.toMatchObject({
    code: "CONFLICT",
  });
  await expect(erasePerson(crm.services, { actor: systemActor, userId: 999_999, cause: "self" })).rejects.toMatchObject(
    {
      code: "NOT_FOUND",
    },
  );
});

test("tags with a former detail, or with any address, go with their counts, and a tag like any other stays", async () => {
  const { db, pool } = crm.services;
  const arrive = (source: string, campaign: string) => makeUser(db, { source, campaign });
  const tagged = [
    await arrive("letter-9161112233", "call-29-123-45-67"),
    await arrive("ninel@former.example", "to-ninel%2540former.example"),
    await arrive("ninel%40former.example", "autumn"),
  ];
  const plain = await arrive("vk", "spring");
  const channel = await arrive("@courses_channel", "20%40off");
  const told = ["+79161112233", "+375291234567"].map((phone) => ({ ...person, phone }));
  await db.crmCorrection.create({ data: { userId: tagged[0]?.id ?? 0, state: "pending", told } });
  const words = ["9161112233", "29-123-45-67", "former.example"];
  expect(await searchDatabase(pool, words)).not.toEqual([]);

  for (const { id: userId } of [...tagged, plain, channel])
    await erasePerson(crm.services, { actor: systemActor, userId, cause: "self" });

  expect(await searchDatabase(pool, words)).toEqual([]);
  const row = (id: number) => db.user.findUniqueOrThrow({ where: { id }, select: { source: true, campaign: true } });
  expect(await row(plain.id)).toEqual({ source: "vk", campaign: "spring" });
  expect(await row(channel.id)).toEqual({ source: "@courses_channel", campaign: "20%40off" });
  expect(await row(tagged[2]?.id ?? 0)).toEqual({ source: null, campaign: "autumn" });
});

test("an erased person is nobody any more: not listed, not shown, not paid for, and the address is free", async () => {
  const { db } = crm.services;
  const admin = await makeAdmin(db);
  const userId = await register();
  await erasePerson(crm.services, { actor: systemActor, userId, cause: "self" });

  expect(await getUser(crm.services, userId)).toBeNull();
  await expect(setPaid(crm.services, { actor: admin, userId, isPaid: true, origin: "page" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  expect(await setPaidMany(crm.services, { actor: admin, userIds: [userId], isPaid: true })).toEqual({ changed: 0 });
  const list = await listUsers(crm.services, { filter: everybody, cursor: null });
  expect(list.users.map(({ id }) => id)).not.toContain(userId);
  expect(await register()).toBeGreaterThan(userId);
});

test("what is written to an erased person, or added to them, by whatever was under way, is not kept", async () => {
  const { db, pool } = crm.services;
  const userId = await register();
  await erasePerson(crm.services, { actor: systemActor, userId, cause: "self" });
  const before = await db.user.findUniqueOrThrow({ where: { id: userId } });

  await pool.query(
    `update "User" set "firstName" = 'Late', phone = '+79167654321', "crmState" = 'PENDING', "bitrix24DealId" = 7,
       "erasedAt" = null, role = 'ADMIN' where id = $1`,
    [userId],
  );
  expect(await db.user.findUniqueOrThrow({ where: { id: userId } })).toEqual(before);
  await pool.query(`insert into "Session" (id, "userId", "expiresAt") values ('late', $1, now())`, [userId]);
  await pool.query(`insert into "Attribution" ("userId") values ($1)`, [userId]);
  expect(await db.session.count({ where: { userId } })).toBe(0);
  expect(await db.attribution.count({ where: { userId } })).toBe(0);
});

test("a list that is being imported does not bring the person back", async () => {
  const { db } = crm.services;
  const userId = await register();
  const lines = [
    "name;email;phone",
    `${person.firstName};${person.email};${person.phone}`,
    "Иван;i@example.com;+79161112233",
  ];
  const admin = await makeAdmin(db);
  const bytes = new Uint8Array(Buffer.from(lines.join("\n")));
  const { id: runId } = await draftImport(crm.services, { actor: admin, bytes });
  await startImport(crm.services, { actor: admin, runId });
  // The list is in the memory of a process that has not reached the person's line.
  const file = await surveyFile(bytesSource(bytes));
  await erasePerson(crm.services, { actor: systemActor, userId, cause: "self" });

  expect(await importPeople(crm.services, { runId, revision: 0, rows: readRows(file) })).toBe(false);
  const aborted = new AbortController();
  const watching = watchImports(crm.services, aborted.signal);
  await expect.poll(async () => (await getImport(crm.services, runId))?.state).toBe("done");
  aborted.abort();
  await watching;
  expect(await getImport(crm.services, runId)).toMatchObject({ imported: 1, refused: 1, notes: [{ line: 2 }] });
  expect(await db.user.count({ where: { email: person.email } })).toBe(0);
});
