import { afterEach, beforeEach, expect, test } from "vitest";
import { createLog } from "../platform/log";
import { erasePerson } from "../privacy/erase";
import { browser } from "../test/browser";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { admin, makeUser } from "../test/factories";
import { whileHeldUp } from "../test/held-up";
import { listenToStatements } from "../test/statements";
import { conversionFile, zonedTime } from "./conversion-file";
import {
  type AdSystem,
  type ConversionKind,
  countConversions,
  listConversionExports,
  makeConversions,
} from "./conversions";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const paidAt = new Date("2026-06-02T21:30:05.400Z");

async function paid(
  tags: Record<string, string>,
  data: Record<string, unknown> = {},
  first: Record<string, string> = {},
) {
  const { id } = await makeUser(database.db, {
    isPaid: true,
    paidAt,
    crmProduct: { id: 1777, name: "X", priceUsd: 149.5 },
    ...data,
  });
  await database.db.attribution.upsert({
    where: { userId: id },
    create: { userId: id, first, last: tags },
    update: { first, last: tags },
  });
  return id;
}
const makeAll = (system: AdSystem, kind: ConversionKind = "add", name = "order_paid") =>
  makeConversions(database, { actor: admin, system, kind, name });
/** Where there is something for one file at most. */
async function make(...wanted: Parameters<typeof makeAll>) {
  const made = await makeAll(...wanted);
  expect(made.length).toBeLessThanOrEqual(1);
  return made[0] ?? null;
}
const file = async (id: number | undefined) =>
  (
    await conversionFile(
      { db: database.db, env: { TIME_ZONE: "Europe/Moscow" } as never },
      { actor: admin, id: id ?? 0 },
    )
  ).text;

test("who has withdrawn the consent to the processing is told to no advertising system, until it is given again", async () => {
  const id = await paid({ yclid: "1234567890" });
  const consent = { userId: id, kind: "registration", version: "1", locale: "ru" };
  await database.db.consent.create({ data: { ...consent, withdrawnAt: new Date() } });
  expect((await countConversions(database)).yandex.ready).toBe(0);
  expect(await make("yandex")).toBeNull();
  await database.db.consent.create({ data: consent });
  expect((await countConversions(database)).yandex.ready).toBe(1);
  expect(await make("yandex")).toMatchObject({ count: 1 });
});

test("Metrica gets click, goal, second, price and currency, and Google its template with the zone", async () => {
  const yandex = await paid({ yclid: "1234567890" });
  const google = await paid(
    {},
    { crmSale: { dealId: 1, currency: "USD", amount: 200, rows: [] } },
    { gclid: "Cj0K_-x" },
  );
  await paid({ utm_source: "vk" });
  expect(await countConversions(database)).toEqual({
    yandex: { ready: 1, undone: 0 },
    google: { ready: 1, undone: 0 },
  });
  expect(await file((await make("yandex"))?.id)).toBe(
    "Yclid,Target,DateTime,Price,Currency\n1234567890,order_paid,1780435805,149.50,USD\n",
  );
  const made = await make("google", "add", "Paid, by hand");
  const { id } = await database.db.conversion.findFirstOrThrow({ where: { userId: google } });
  expect(await file(made?.id)).toBe(
    "Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Order ID\n" +
      `Cj0K_-x,"Paid, by hand",2026-06-03 00:30:05+03:00,200.00,USD,${google}-${id}\n`,
  );
  expect(yandex).not.toBe(google);
});

test("a click after a campaign's visit is told to its system, though the deal keeps the campaign", async () => {
  const visitor = browser();
  for (const path of ["/", "/?utm_source=newsletter", "/?yclid=77&gclid=Cj0K"]) visitor.visit(path);
  const { first, last } = visitor.utm();
  await paid({ ...last }, {}, { ...first });
  expect(await file((await make("yandex"))?.id)).toContain("\n77,");
  expect(await file((await make("google"))?.id)).toContain("\nCj0K,");
});

test("Metrica is told of a registration without a click by the ClientId of its counter, one id a row", async () => {
  await paid({ yclid: "77", ym_client_id: "1628529640459314054" });
  const first = await make("yandex");
  expect(await file(first?.id)).toBe("Yclid,Target,DateTime,Price,Currency\n77,order_paid,1780435805,149.50,USD\n");

  const person = await paid({ ga_client_id: "1.2" }, {}, { ym_client_id: "1628529640459314054" });
  await paid({ yclid: "=1+1", ym_client_id: "17673444001" });
  expect(await countConversions(database)).toMatchObject({ yandex: { ready: 2 }, google: { ready: 0 } });
  const second = await make("yandex");
  expect(await file(second?.id)).toBe(
    "ClientId,Target,DateTime,Price,Currency\n" +
      "1628529640459314054,order_paid,1780435805,149.50,USD\n17673444001,order_paid,1780435805,149.50,USD\n",
  );

  await paid({ yclid: "88" });
  await paid({ ym_client_id: "17673444002" });
  // One kind of identifier is chosen for each upload: together they come in two files, each registration in one.
  const both = await makeAll("yandex");
  expect(both.map(({ count }) => count)).toEqual([1, 1]);
  expect(await file(both[0]?.id)).toBe("Yclid,Target,DateTime,Price,Currency\n88,order_paid,1780435805,149.50,USD\n");
  expect(await file(both[1]?.id)).toBe(
    "ClientId,Target,DateTime,Price,Currency\n17673444002,order_paid,1780435805,149.50,USD\n",
  );
  expect((await listConversionExports(database)).slice(0, 2).map(({ id, by }) => [id, by])).toEqual([
    [both[1]?.id, "ClientId"],
    [both[0]?.id, "yclid"],
  ]);
  expect(await make("yandex")).toBeNull();

  // Undone it is counted, marked once, and told anew when it is paid again.
  await database.db.user.update({ where: { id: person }, data: { isPaid: false, paidAt: null } });
  expect((await make("yandex", "retract"))?.count).toBe(1);
  await database.db.user.update({ where: { id: person }, data: { isPaid: true, paidAt } });
  expect(await file((await make("yandex"))?.id)).toContain("\n1628529640459314054,order_paid,");
});

test("what no counter makes as an id of a browser is in no file", async () => {
  for (const id of ["=1+1", "0", "-5", "12a45678", "1 234567", "1".repeat(40), "", "1234567\n=1"])
    await paid({ ym_client_id: id });
  await paid({ ga_client_id: "1177545873.1640608888" });
  expect(await make("yandex")).toBeNull();
  expect(await make("google")).toBeNull();
});

test("each is in one file, which can be downloaded again and stays the same", async () => {
  await paid({ gclid: "a1" });
  const first = await make("google");
  const text = await file(first?.id);
  expect(await make("google")).toBeNull();
  await paid({ gclid: "b2" });
  const second = await make("google");
  expect(await file(second?.id)).toContain("b2");
  expect(await file(second?.id)).not.toContain("a1");
  expect(await file(first?.id)).toBe(text);
  expect((await listConversionExports(database)).map(({ id, count }) => [id, count])).toEqual([
    [second?.id, 1],
    [first?.id, 1],
  ]);
});

test("the list of files does not fetch what is in them", async () => {
  for (let count = 0; count < 3; count++) await paid({ yclid: `1${count}` });
  await make("yandex");
  const statements = await listenToStatements(database.pool).during(async () => {
    expect(await listConversionExports(database)).toMatchObject([{ count: 3, by: "yclid" }]);
  });
  expect(statements).toHaveLength(1);
});

test("two administrators at the same moment share the registrations between their files", async () => {
  for (let count = 0; count < 30; count++) await paid({ gclid: `click${count}` });
  const made = await Promise.all([make("google"), make("google"), make("google")]);
  expect(made.reduce((sum, each) => sum + (each?.count ?? 0), 0)).toBe(30);
  expect(await database.db.conversion.count()).toBe(30);
});

test("an undone payment is taken back once, and counts anew with another number when it is paid again", async () => {
  const id = await paid({ gclid: "a1", yclid: "77" });
  await make("google");
  await make("yandex");
  await database.db.user.update({ where: { id }, data: { isPaid: false, paidAt: null } });
  expect(await countConversions(database)).toEqual({
    yandex: { ready: 0, undone: 1 },
    google: { ready: 0, undone: 1 },
  });
  const retract = await make("google", "retract");
  const { id: first } = await database.db.conversion.findFirstOrThrow({ where: { system: "google" } });
  const lines = (await file(retract?.id)).split("\n");
  expect(lines[0]).toBe("Order ID,Conversion Name,Adjustment Time,Adjustment Type");
  expect(lines[1]).toMatch(
    new RegExp(`^${id}-${first},order_paid,\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\+03:00,RETRACT$`),
  );
  expect(await make("google", "retract")).toBeNull();
  await database.db.user.update({ where: { id }, data: { isPaid: true, paidAt } });
  const again = await make("google");
  expect(again?.count).toBe(1);
  expect(await file(again?.id)).not.toContain(`${id}-${first},`);
  expect(await file(again?.id)).toContain(`${id}-`);
  // Paid again before it was taken back: it was told once, and stays so.
  expect(await countConversions(database)).toMatchObject({ yandex: { ready: 0, undone: 0 } });
});

test("what is no click id of the system, and who is not a paid registration, is in no file", async () => {
  for (const click of ["=cmd|'/C calc'!A0", "+1", "-x", "@x", "a b", "a,b", '"', "x".repeat(300)])
    await paid({ gclid: click });
  await paid({ gclid: "test" }, { email: "test+1@example.invalid" });
  await paid({ gclid: "admin" }, { role: "ADMIN" });
  await paid({ gclid: "unpaid" }, { isPaid: false, paidAt: null });
  expect(await make("google")).toBeNull();
  expect(await listConversionExports(database)).toEqual([]);
});

test("a deal in another currency has no price, and a name is demanded", async () => {
  await paid({ yclid: "5" }, { crmSale: { dealId: 1, currency: "RUB", amount: 9000, rows: [] } });
  for (const name of ["  ", "x".repeat(101), "order\0paid", "order\npaid", "order\ufffdpaid"])
    await expect(make("yandex", "add", name)).rejects.toMatchObject({ code: "INVALID" });
  expect(await file((await make("yandex"))?.id)).toContain("\n5,order_paid,1780435805,,\n");
});

test("making and downloading are audited without click ids, which go with the person", async () => {
  const id = await paid({ gclid: "secretclick" });
  const made = await make("google");
  await file(made?.id);
  const entries = await database.db.auditEntry.findMany({ where: { action: { startsWith: "conversions." } } });
  expect(entries.map(({ action }) => action)).toEqual(["conversions.make", "conversions.download"]);
  expect(JSON.stringify(entries, (_key, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain(
    "secretclick",
  );
  await expect(file(999)).rejects.toMatchObject({ code: "NOT_FOUND" });
  const queue = { enqueue: async () => undefined } as never;
  await erasePerson(
    { db: database.db, queue, env: { ERASE_IN_CRM: "keep" } as never, log: createLog("silent") },
    { actor: admin, userId: id, cause: "admin" },
  );
  expect(await database.db.conversion.count()).toBe(0);
  expect(await make("google")).toBeNull();
});

test("the zone's distance from UTC follows summer time", () => {
  expect(zonedTime("Europe/Berlin", new Date("2026-01-15T12:00:00Z"))).toBe("2026-01-15 13:00:00+01:00");
  expect(zonedTime("Europe/Berlin", new Date("2026-07-15T12:00:00Z"))).toBe("2026-07-15 14:00:00+02:00");
  expect(zonedTime("America/St_Johns", new Date("2026-01-15T12:00:00Z"))).toBe("2026-01-15 08:30:00-03:30");
  expect(zonedTime("UTC", new Date("2026-01-15T12:00:00Z"))).toBe("2026-01-15 12:00:00+00:00");
});

test("a file of very many registrations is made, however long that takes", async () => {
  await paid({ yclid: "1234567890" });
  const made = await whileHeldUp(database, { table: "Conversion" }, (db) =>
    makeConversions({ db }, { actor: admin, system: "yandex", kind: "add", name: "order_paid" }),
  );
  expect(made).toMatchObject([{ count: 1 }]);
});
