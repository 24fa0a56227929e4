import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { openForms } from "./forms";
import { readDefinition } from "./read-definition";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const log = createLog("silent");

test("a new installation has one form, which asks what registrations have always asked", async () => {
  const forms = await openForms({ db: database.db, log }, { follow: false });
  const first = forms.first();
  expect(forms.all()).toEqual([first]);
  expect(first).toMatchObject({ id: 1, slug: null, isClosed: false });
  expect(first.definition.items.map((item) => "field" in item && item.field)).toEqual([
    "firstName",
    "lastName",
    "company",
    "email",
    "phone",
  ]);
  expect(first.definition.after).toEqual({ kind: "account" });
});

test("a form that is made is found by its address once the forms are read again", async () => {
  const forms = await openForms({ db: database.db, log }, { follow: false });
  const { id } = await database.db.form.create({ data: { slug: "spring", name: "Spring" } });
  expect(forms.bySlug("spring")).toBeUndefined();
  await forms.reload();
  expect(forms.bySlug("spring")).toMatchObject({ id, name: "Spring" });
  expect(forms.byId(id)?.slug).toBe("spring");
  expect(forms.bySlug("Spring")?.id).toBe(id);
  expect(forms.bySlug("весна")).toBeUndefined();
});

test("a stored form that cannot be read any more stays as it was read last", async () => {
  const forms = await openForms({ db: database.db, log }, { follow: false });
  const before = forms.first();
  await database.db.form.update({ where: { id: 1 }, data: { definition: { items: "all" } } });
  await forms.reload();
  expect(forms.first()).toEqual(before);
  await database.db.form.update({ where: { id: 1 }, data: { definition: {} } });
});

test("a form always asks what no registration can do without", () => {
  const { items } = readDefinition({ items: [{ field: "phone", required: false }] });
  expect(items.map((item) => "field" in item && [item.field, item.required])).toEqual([
    ["firstName", true],
    ["email", true],
    ["phone", true],
  ]);
});
