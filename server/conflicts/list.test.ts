import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Services } from "../services";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { type ConflictKind, openConflict } from "./conflicts";
import { listConflicts } from "./list";

let database: TestDatabase;
let services: Pick<Services, "db" | "bitrix24">;
beforeAll(async () => {
  database = await createTestDatabase();
  const bitrix24 = { client: { host: "https://portal.example" } } as Services["bitrix24"];
  services = { db: database.db, bitrix24 };
});
beforeEach(() => database.db.conflict.deleteMany());
afterAll(() => database.drop());

const makePerson = () =>
  makeUser(database.db, {
    lastName: "О'Нил",
    isPaid: true,
    bitrix24ContactId: 31,
    bitrix24DealId: 71,
    dealSnapshot: { create: { stageId: "LOSE", updatedTime: "" } },
  });

const deal = (id: number) => ({ type: "deal", id, url: `https://portal.example/crm/deal/details/${id}/` });
const contact = (id: number) => ({ type: "contact", id, url: `https://portal.example/crm/contact/details/${id}/` });

test.each<[ConflictKind, number, object]>([
  ["DEAL_DELETED", 71, { record: deal(71), actions: ["recreate", "choose", "dismiss"] }],
  ["CONTACT_DELETED", 31, { record: contact(31) }],
  ["DEAL_OTHER_CONTACT", 33, { record: contact(33), actions: ["dismiss", "follow"] }],
  ["DEAL_LOST", 71, { record: deal(71), stageId: "LOSE", actions: ["force", "accept", "dismiss"] }],
  ["DEAL_OTHER_FUNNEL", 71, { record: deal(71), stageId: "LOSE" }],
  ["STAGE_REFUSED", 71, { record: deal(71), stageId: "C9:WON", code: "STAGE_IGNORED" }],
  ["SALE_CHANGED", 71, { record: deal(71), sale: null, actions: ["dismiss", "restore"] }],
  ["DUPLICATE_DEAL", 72, { record: deal(72), actions: ["remove", "dismiss"] }],
  ["DUPLICATE_CONTACT", 32, { record: contact(32) }],
])("%s is shown with both sides", async (kind, portalId, expected) => {
  const { id: userId } = await makePerson();
  await openConflict(database.db, { kind, userId, portalId, details: { stageId: "C9:WON", code: "STAGE_IGNORED" } });
  const { conflicts } = await listConflicts(services, {});
  expect(conflicts).toMatchObject([
    {
      kind,
      person: { id: userId, name: "Анна О'Нил", isPaid: true },
      contact: contact(31),
      deal: deal(71),
      dismissed: false,
      ...expected,
    },
  ]);
});

test("a changed sale is shown with what it sells now and what the registration sold", async () => {
  const { id: userId } = await makePerson();
  const was = { currency: "USD", amount: 49, rows: [{ productId: 1777, price: 49, quantity: 1 }] };
  const now = { currency: "RUB", amount: 4_500, rows: [] };
  await openConflict(database.db, { kind: "SALE_CHANGED", userId, portalId: 71, details: { now, was } });
  expect((await listConflicts(services, {})).conflicts).toMatchObject([{ sale: { now, was } }]);
});

test("pages follow one another without a gap, newest first", async () => {
  const { id: userId } = await makePerson();
  for (let portalId = 1; portalId <= 5; portalId++)
    await openConflict(database.db, { kind: "DUPLICATE_DEAL", userId, portalId });
  const seen: number[][] = [];
  let next: number | null | undefined;
  do {
    const page = await listConflicts(services, { before: next ?? undefined, limit: 2 });
    seen.push(page.conflicts.map(({ record }) => record.id));
    next = page.next;
  } while (next !== null);
  expect(seen).toEqual([[5, 4], [3, 2], [1]]);
});

test("of one person also what was left as it is, but nothing that has ended", async () => {
  const [{ id: userId }, other] = [await makePerson(), await makePerson()];
  for (const portalId of [1, 2, 3]) await openConflict(database.db, { kind: "DUPLICATE_DEAL", userId, portalId });
  await openConflict(database.db, { kind: "DUPLICATE_DEAL", userId: other.id, portalId: 4 });
  const end = (portalId: number, resolution: string) =>
    database.db.conflict.updateMany({ where: { portalId }, data: { resolvedAt: new Date(), resolution } });
  await end(1, "gone");
  await end(2, "dismiss");
  const records = async (options: { userId?: number }) =>
    (await listConflicts(services, options)).conflicts.map(({ record, actions }) => [record.id, actions]);
  expect(await records({ userId })).toEqual([
    [3, ["remove", "dismiss"]],
    [2, ["remove"]],
  ]);
  expect((await records({})).map(([id]) => id)).toEqual([4, 3]);
});
