import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { isAppError } from "../platform/errors";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { changeView, listViews, removeView, saveView, setDefaultView, type ViewList } from "./saved-views";
import { maxViews } from "./view-limits";

let database: TestDatabase;
let admin: Actor & { kind: "USER" };
let colleague: Actor & { kind: "USER" };

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.savedView.deleteMany();
  await database.db.auditEntry.deleteMany();
  admin = await makeAdmin(database.db);
  colleague = await makeAdmin(database.db);
});

const view = { list: "users" as const, name: "Unpaid", query: "?paid=no", isShared: false };
const save = async (over: Partial<Parameters<typeof saveView>[1]> = {}) =>
  saveView(database, { actor: admin, ...view, ...over });
async function saved(over: Partial<Parameters<typeof saveView>[1]> = {}): Promise<number> {
  const made = await save(over);
  if ("problem" in made) throw new Error(made.problem);
  return made.id;
}
const seenBy = async (actor: Actor & { kind: "USER" }, list: ViewList = "users") =>
  (await listViews(database, { list, userId: actor.id })).map(({ name }) => name);
const audited = async () =>
  (await database.db.auditEntry.findMany({ orderBy: { id: "asc" } })).map(({ action }) => action);
const notFound = (work: Promise<unknown>) =>
  expect(work).rejects.toSatisfy((error: unknown) => isAppError(error, "NOT_FOUND"));

test("a private view is its administrator's alone, and a shared one everybody's", async () => {
  const id = await saved();
  await saved({ name: "From ads", query: "?source=ad", isShared: true });
  expect(await listViews(database, { list: "users", userId: admin.id })).toEqual([
    { id, name: "Unpaid", query: "?paid=no", isShared: false, isOwn: true, isDefault: false },
    expect.objectContaining({ name: "From ads", isShared: true, isOwn: true }),
  ]);
  expect(await listViews(database, { list: "users", userId: colleague.id })).toEqual([
    expect.objectContaining({ name: "From ads", isShared: true, isOwn: false }),
  ]);
  expect(await seenBy(admin, "audit")).toEqual([]);
});

test("a view that is private cannot be opened, renamed, removed or made the default by a colleague", async () => {
  const id = await saved();
  await notFound(changeView(database, { actor: colleague, id, name: "Mine", isShared: true }));
  await notFound(removeView(database, { actor: colleague, id }));
  await notFound(setDefaultView(database, { actor: colleague, id, isDefault: true }));
  expect(await seenBy(admin)).toEqual(["Unpaid"]);
});

test("a form that is sent twice, at once too, makes one view", async () => {
  const made = await Promise.all([save(), save(), save()]);
  expect(new Set(made.map((each) => JSON.stringify(each))).size).toBe(1);
  expect(await seenBy(admin)).toEqual(["Unpaid"]);
});

test.each([
  ["", "blank"],
  [" \u200b ", "blank"],
  ["…", "blank"],
  ["a".repeat(41), "long"],
  ["two\nlines", "unfit"],
  ["\u0000", "unfit"],
  ["\u202eoops", "unfit"],
])("the name %j is refused: %s", async (name, problem) => {
  expect(await save({ name })).toEqual({ problem });
  const id = await saved();
  expect(await changeView(database, { actor: admin, id, name, isShared: false })).toEqual({ problem });
  expect(await seenBy(admin)).toEqual(["Unpaid"]);
});

test("a name is stored clean, and counted in characters as people see them", async () => {
  await saved({ name: " Не\u00a0\u00a0оплатили\u200b " });
  await saved({ name: "😀".repeat(40) });
  expect(await seenBy(admin)).toEqual(["Не оплатили", "😀".repeat(40)]);
});

test("of the same name an administrator has one private view, and all have one shared view", async () => {
  await saved();
  expect(await save({ name: "UNPAID", query: "?paid=yes" })).toEqual({ problem: "taken" });
  await saved({ actor: colleague });
  const shared = await saved({ isShared: true });
  expect(await save({ actor: colleague, isShared: true, query: "?paid=yes" })).toEqual({ problem: "taken" });
  expect(await changeView(database, { actor: admin, id: shared, name: "Unpaid", isShared: false })).toEqual({
    problem: "taken",
  });
  await saved({ list: "audit", query: "?who=USER" });
});

test("the whole list is no view", async () => {
  expect(await save({ query: "" })).toEqual({ problem: "none" });
});

test("there are at most twenty private views of an administrator, and twenty shared ones", async () => {
  for (let made = 0; made < maxViews; made++) await saved({ name: `View ${made}` });
  expect(await save()).toEqual({ problem: "many" });
  const own = await saved({ actor: colleague });
  for (let made = 0; made < maxViews; made++) await saved({ name: `Shared ${made}`, isShared: true });
  expect(await save({ isShared: true })).toEqual({ problem: "many" });
  expect(await changeView(database, { actor: colleague, id: own, name: "Unpaid", isShared: true })).toEqual({
    problem: "many",
  });
});

test("what a colleague has changed of a view meanwhile stays where the form sends it back as it was shown", async () => {
  const id = await saved({ isShared: true });
  const shown = { name: "Unpaid", isShared: true };
  await changeView(database, { actor: colleague, id, name: "Not paid", isShared: true });
  await changeView(database, { actor: admin, id, name: "Unpaid", isShared: false, shown });
  expect(await listViews(database, { list: "users", userId: admin.id })).toMatchObject([
    { name: "Not paid", isShared: false },
  ]);
  // The maker's other page still shows it as shared.
  await changeView(database, { actor: admin, id, name: "Mine", isShared: true, shown });
  expect(await listViews(database, { list: "users", userId: admin.id })).toMatchObject([
    { name: "Mine", isShared: false },
  ]);
});

test("a shared view is renamed and removed by every administrator, and made private by its maker alone", async () => {
  const id = await saved({ isShared: true });
  await changeView(database, { actor: colleague, id, name: "Not paid", isShared: false });
  expect(await seenBy(admin)).toEqual(["Not paid"]);
  expect(await seenBy(colleague)).toEqual(["Not paid"]);
  await changeView(database, { actor: admin, id, name: "Not paid", isShared: false });
  expect(await seenBy(colleague)).toEqual([]);
  await changeView(database, { actor: admin, id, name: "Not paid", isShared: true });
  await removeView(database, { actor: colleague, id });
  expect(await seenBy(admin)).toEqual([]);
  expect(await audited()).toEqual(["view.share", "view.rename", "view.unshare", "view.share", "view.remove"]);
});

test("what is done with a private view concerns no other administrator and is not audited", async () => {
  const id = await saved();
  await changeView(database, { actor: admin, id, name: "Not paid", isShared: false });
  await setDefaultView(database, { actor: admin, id, isDefault: true });
  await removeView(database, { actor: admin, id });
  expect(await audited()).toEqual([]);
});

test("the audit log names a view by its number, since its name may be a person's", async () => {
  const id = await saved({ name: "Вырубова", isShared: true });
  const entry = await database.db.auditEntry.findFirstOrThrow();
  expect(entry).toMatchObject({ actorId: admin.id, details: { viewId: id, list: "users" } });
});

test("a list has one default view for an administrator, and each administrator their own", async () => {
  const [first, second] = [await saved({ isShared: true }), await saved({ name: "Other", isShared: true })];
  const log = await saved({ list: "audit", query: "?who=USER" });
  await setDefaultView(database, { actor: admin, id: first, isDefault: true });
  await setDefaultView(database, { actor: admin, id: second, isDefault: true });
  await setDefaultView(database, { actor: admin, id: log, isDefault: true });
  await setDefaultView(database, { actor: colleague, id: first, isDefault: true });
  const defaults = async (actor: Actor & { kind: "USER" }) =>
    (await listViews(database, { list: "users", userId: actor.id })).flatMap((each) => (each.isDefault ? each.id : []));
  expect(await defaults(admin)).toEqual([second]);
  expect(await defaults(colleague)).toEqual([first]);
  await setDefaultView(database, { actor: admin, id: first, isDefault: false });
  expect(await defaults(admin)).toEqual([second]);
  await setDefaultView(database, { actor: admin, id: second, isDefault: false });
  expect(await defaults(admin)).toEqual([]);
  expect(await defaults(colleague)).toEqual([first]);
});

test("a view that becomes private is no colleague's default any more, and its maker's still", async () => {
  const id = await saved({ isShared: true });
  for (const actor of [admin, colleague]) await setDefaultView(database, { actor, id, isDefault: true });
  await changeView(database, { actor: admin, id, name: "Unpaid", isShared: false });
  await changeView(database, { actor: admin, id, name: "Unpaid", isShared: true });
  const isDefault = async (actor: Actor & { kind: "USER" }) =>
    (await listViews(database, { list: "users", userId: actor.id })).map((each) => each.isDefault);
  expect(await isDefault(admin)).toEqual([true]);
  expect(await isDefault(colleague)).toEqual([false]);
});
