import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "../audit/actor";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { dropViewsNaming } from "./person-in-views";

let database: TestDatabase;
let userId: number;

beforeAll(async () => {
  database = await createTestDatabase();
  userId = (await makeAdmin(database.db)).id;
});
afterAll(() => database.drop());

const person = {
  firstName: "Пелагея",
  lastName: "Вырубова-Несравненная",
  company: null,
  email: "pelageya@vyrubova.example",
  phone: "+79167654321",
};
const former = { ...person, lastName: null, email: "polina@mail.example", phone: "+12025550123" };

const abroad = { ...person, lastName: null, email: "ivan@xn--80a1acny.xn--p1ai", phone: "+442071838750" };
const nearby = { ...abroad, email: "alesya@pochta.example", phone: "+375291234567" };

/** Whether a view of this name and filter is left once the person is erased. */
async function isLeft({ name = "View", ...filter }: Record<string, string>): Promise<boolean> {
  const query = `?${new URLSearchParams(filter)}`;
  const { id } = await database.db.savedView.create({ data: { userId, list: "users", name, query } });
  await dropViewsNaming(database.db, systemActor, [person, former, abroad, nearby]);
  return (await database.db.savedView.count({ where: { id } })) === 1;
}

test.each([
  { q: "pelageya@vyrubova.example" },
  { q: "Pelageya@" },
  { name: "Mail of PELAGEYA@vyrubova.example", paid: "yes" },
  { q: "8 (916) 765-43-21" },
  { q: "+7 916 765 43 21" },
  { q: "765-43-21" },
  { name: "Call 9167654321", paid: "no" },
  { q: "вырубова-несравненная пелагея" },
  { q: "polina@mail" },
  { q: "(202) 555-0123" },
  { q: "8 (029) 123-45-67" },
  { source: "to-pelageya@vyrubova.example" },
  { q: "ivan@xn--80a1acny.xn--p1ai" },
  { q: "Иван ivan@Почта.рф" },
])("a view that names an erased person goes: %j", async (view) => {
  expect(await isLeft(view)).toBe(false);
});

test.each([
  { q: "пелагея" },
  { q: "@vyrubova.example" },
  { q: "4321" },
  { q: "79167654322" },
  { name: "Несравненная оплата", paid: "yes" },
  { from: "2026-01-01", to: "2026-01-31" },
  { source: "vk" },
  { q: "вырубова-несравненная" },
  { q: "+7 916 765" },
  { q: "old-and-polina@mail.example.com" },
  { q: "apolina@mail.example" },
  { q: "petr@почта.рф" },
  { q: "polina@another.example" },
  { name: "Пелагея Вырубова-Несравненная", paid: "no" },
])("a view that names nobody, or other people too, stays: %j", async (view) => {
  expect(await isLeft(view)).toBe(true);
});

test("a person without a last name takes no other views along", async () => {
  const { id } = await database.db.savedView.create({
    data: { userId, list: "users", name: "Paid", query: "?paid=yes" },
  });
  await dropViewsNaming(database.db, systemActor, [{ ...person, lastName: " " }]);
  expect(await database.db.savedView.count({ where: { id } })).toBe(1);
});

test.each([
  ["Не", "оплатили", { name: "Не оплатили", paid: "no" }],
  ["Un", "Google", { name: "Leads", source: "google" }],
  ["All", "paid", { name: "paid", q: "paid all summer" }],
])("a visitor called %s %s deletes no administrator's view", async (firstName, lastName, { name, ...filter }) => {
  const query = `?${new URLSearchParams(filter as Record<string, string>)}`;
  const { id } = await database.db.savedView.create({ data: { userId, list: "users", name, query, isShared: true } });
  await dropViewsNaming(database.db, { kind: "USER", id: userId, role: "USER" }, [{ ...person, firstName, lastName }]);
  expect(await database.db.savedView.count({ where: { id } })).toBe(1);
});

test("that a shared view went is audited, by number", async () => {
  const { id } = await database.db.savedView.create({
    data: { userId, list: "users", name: "Her", query: `?q=${person.email}`, isShared: true },
  });
  await dropViewsNaming(database.db, systemActor, [person]);
  expect(
    await database.db.auditEntry.findMany({ where: { action: "view.remove" }, select: { details: true } }),
  ).toEqual([{ details: { viewId: id, list: "users" } }]);
});
