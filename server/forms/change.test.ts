import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { changeForm, type FormState, makeForm, QuestionKeyTakenError, SlugTakenError, storedForm } from "./change";
import type { Question } from "./definition";
import { formHistory } from "./form-history";
import { type Forms, openForms } from "./forms";
import { newKey } from "./question-key";
import { undoFormChange } from "./undo-form-change";

let database: TestDatabase;
let actor: Actor;
let forms: Forms;
beforeAll(async () => {
  database = await createTestDatabase();
  actor = await makeAdmin(database.db);
  forms = await openForms({ db: database.db, log: createLog("silent") }, { follow: false });
});
afterEach(async () => {
  await database.db.form.deleteMany({ where: { id: { not: 1 } } });
  await database.db.formChange.deleteMany();
  await database.db.form.update({ where: { id: 1 }, data: { definition: {}, name: "", closedAt: null } });
  await forms.reload();
});
afterAll(() => database.drop());

const env = parseEnv({});
const services = () => ({ db: database.db, forms, env });

const question = (key: string, en: string): Question => ({
  key,
  kind: "text",
  label: { en, ru: "" },
  help: { en: "", ru: "" },
  required: false,
  options: [],
  former: [],
  parameter: "",
});

const withQuestion =
  (asked: Question) =>
  (now: FormState): FormState => ({
    ...now,
    definition: { ...now.definition, items: [...now.definition.items, { question: asked }] },
  });

async function change(id: number, wanted: (now: FormState) => FormState) {
  const { seen } = await storedForm(services(), id);
  return changeForm(services(), { actor, id, seen, change: wanted });
}

const named = (name: string) => (now: FormState) => ({ ...now, name });
const slugged = (slug: string) => (now: FormState) => ({ ...now, slug });

test("a form that is made is found at its address at once, and its making stands in history and audit log", async () => {
  const id = await makeForm(services(), { actor, slug: "spring", name: "Spring" });
  expect(forms.bySlug("spring")).toMatchObject({ id, name: "Spring", isClosed: false });
  expect(await formHistory(services(), id)).toMatchObject([
    { actor: { id: actor.id }, parts: ["made"], undoable: false },
  ]);
  const entry = await database.db.auditEntry.findFirstOrThrow({ orderBy: { id: "desc" } });
  expect(entry).toMatchObject({ action: "form.make", details: { form: "spring" } });
});

test.each(["", "Spring", "a b", "-a", "a/b", "x".repeat(41), "весна"])("%j is no address of a form", async (slug) => {
  await expect(makeForm(services(), { actor, slug, name: "" })).rejects.toMatchObject({ code: "INVALID" });
});

test("two forms never have the same address, also if both are made or renamed at once", async () => {
  const made = await Promise.allSettled(
    ["One", "Two"].map((name) => makeForm(services(), { actor, slug: "same", name })),
  );
  expect(made.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const other = await makeForm(services(), { actor, slug: "other", name: "" });
  expect(made.find(({ status }) => status === "rejected")).toMatchObject({ reason: expect.any(SlugTakenError) });
  await expect(change(other, slugged("same"))).rejects.toBeInstanceOf(SlugTakenError);
});

test("a former address that another form has meanwhile is not given back by undoing", async () => {
  const id = await makeForm(services(), { actor, slug: "spring", name: "" });
  const changeId = await change(id, slugged("summer"));
  await makeForm(services(), { actor, slug: "spring", name: "" });
  await expect(undoFormChange(services(), { actor, changeId: changeId ?? 0 })).rejects.toBeInstanceOf(SlugTakenError);
});

test("the first form keeps its address, and another form cannot take it", async () => {
  await expect(change(1, (now) => ({ ...now, slug: "first" }))).rejects.toMatchObject({ code: "INVALID" });
  const id = await makeForm(services(), { actor, slug: "other", name: "" });
  await expect(change(id, (now) => ({ ...now, slug: null }))).rejects.toMatchObject({ code: "INVALID" });
});

test("a copy asks the same with keys of its own", async () => {
  await change(1, withQuestion(question("size", "Size")));
  await change(1, (now) => {
    const settings = {
      fields: "answer.size=deal.ufCrmSize, text:answer.size=deal.ufCrmNote",
      dealTitle: "{answer.size}",
    };
    return { ...now, definition: { ...now.definition, settings } };
  });
  const id = await makeForm(services(), { actor, slug: "copy", name: "", copyOf: 1 });
  // A fixed text stays as it is.
  expect(forms.byId(id)?.definition.settings).toEqual({
    fields: "answer.size_2=deal.ufCrmSize, text:answer.size=deal.ufCrmNote",
    dealTitle: "{answer.size_2}",
  });
  const asked = forms.byId(id)?.definition.items.flatMap((item) => ("question" in item ? [item.question] : []));
  expect(asked).toMatchObject([{ key: "size_2", label: { en: "Size" } }]);
});

test("the answers of a copy go where the site's settings send those of the form that is copied", async () => {
  for (const key of ["size", "colour", "shoes"]) await change(1, withQuestion(question(key, key)));
  const own = { fields: "answer.shoes=deal.ufCrmShoes" };
  await change(1, (now) => ({ ...now, definition: { ...now.definition, settings: own } }));
  const site = parseEnv({
    BITRIX24_MARK_FIELDS:
      "answer.size|none=deal.UF_CRM_SIZE, answer.colour=deal.UF_CRM_SHOES, answer.colour=deal.UFCRMSHOES, answer.other=deal.UF_CRM_OTHER, gclid=deal.UF_CRM_CLICK",
    BITRIX24_DEAL_TITLE: "{name} {answer.size}",
  });
  const id = await makeForm({ ...services(), env: site }, { actor, slug: "copy", name: "", copyOf: 1 });
  expect(forms.byId(id)?.definition.settings).toEqual({
    fields: "answer.shoes_2=deal.ufCrmShoes, answer.size_2|none=deal.UF_CRM_SIZE, answer.colour_2=deal.UF_CRM_SHOES",
    dealTitle: "{name} {answer.size_2}",
  });
  const blank = await makeForm({ ...services(), env: site }, { actor, slug: "blank", name: "" });
  expect(forms.byId(blank)?.definition.settings).toEqual({});
});

test("history tells who changed what, the newest change is undone exactly, and an older one is not", async () => {
  await change(1, named("One"));
  await change(1, named("Two"));
  const [second, first] = await formHistory(services(), 1);
  expect([second?.undoable, first?.undoable]).toEqual([true, false]);
  await expect(undoFormChange(services(), { actor, changeId: first?.id ?? 0 })).rejects.toMatchObject({
    code: "CONFLICT",
  });
  await undoFormChange(services(), { actor, changeId: second?.id ?? 0 });
  expect(forms.first().name).toBe("One");
  expect((await formHistory(services(), 1))[0]).toMatchObject({ undoes: second?.id });
  await expect(undoFormChange(services(), { actor, changeId: 999_999 })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a question whose addition is undone keeps its words and its key", async () => {
  await change(1, withQuestion(question("size", "Size")));
  const [added] = await formHistory(services(), 1);
  await undoFormChange(services(), { actor, changeId: added?.id ?? 0 });
  const { items, removed } = forms.first().definition;
  expect(items.some((item) => "question" in item)).toBe(false);
  expect(removed).toMatchObject([{ key: "size", label: { en: "Size" } }]);
});

test("nobody overwrites a change that they have not seen, and of two at once only one is heard", async () => {
  const { seen } = await storedForm(services(), 1);
  const saved = await Promise.allSettled(
    ["One", "Two"].map((name) => changeForm(services(), { actor, id: 1, seen, change: named(name) })),
  );
  expect(saved.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  await expect(changeForm(services(), { actor, id: 1, seen, change: named("Three") })).rejects.toMatchObject({
    code: "CONFLICT",
  });
  expect(await database.db.formChange.count({ where: { formId: 1 } })).toBe(1);
});

test("nothing is written if nothing changes", async () => {
  expect(await change(1, (now) => now)).toBeNull();
  expect(await database.db.formChange.count()).toBe(0);
});

test.each([
  ["Размер футболки", "razmer_futbolki"],
  ["T-shirt size?", "t_shirt_size"],
  ["2026", "question_2026"],
  ["??", "question"],
  ["尺寸", "question"],
  ["x".repeat(80), "x".repeat(36)],
])("the key of a question that is called %j", (label, key) => {
  const used = new Set<string>();
  const made = newKey(label, used);
  expect(made).toBe(key);
  expect(made).toMatch(/^[a-z][a-z0-9_]{0,39}$/);
  expect(newKey(label, used)).toBe(`${made}_2`);
});

test("an address that a form had before leads to it in every process, until another form takes it", async () => {
  const other = await openForms({ db: database.db, log: createLog("silent") }, { follow: false });
  const id = await makeForm(services(), { actor, slug: "spring", name: "Spring" });
  await other.reload();
  await change(id, (now) => ({ ...now, slug: "spring-2027" }));
  await change(id, (now) => ({ ...now, slug: "spring-2028" }));
  await other.reload();
  const restarted = await openForms({ db: database.db, log: createLog("silent") }, { follow: false });
  for (const each of [forms, other, restarted])
    expect(["spring", "spring-2027", "spring-2028", "autumn"].map((slug) => each.bySlug(slug)?.id)).toEqual([
      ...[id, id, id],
      undefined,
    ]);
  const taker = await makeForm(services(), { actor, slug: "spring", name: "New" });
  expect(forms.bySlug("spring")?.id).toBe(taker);
  await change(taker, (now) => ({ ...now, slug: "autumn" }));
  expect(["spring", "spring-2027"].map((slug) => forms.bySlug(slug)?.id)).toEqual([taker, id]);
});

test("two forms that are given the same question at the same time do not share its key", async () => {
  const ids = [await makeForm(services(), { actor, slug: "a", name: "A" })];
  ids.push(await makeForm(services(), { actor, slug: "b", name: "B" }));
  // Both administrators' pages were read before either was saved, so both made the same key.
  const saved = await Promise.allSettled(ids.map((id) => change(id, withQuestion(question("size", "Size")))));
  expect(saved.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(saved.find(({ status }) => status === "rejected")).toMatchObject({
    reason: expect.any(QuestionKeyTakenError),
  });
  const [winner = 0] = ids.filter((_, place) => saved[place]?.status === "fulfilled");
  await change(winner, (now) => ({
    ...now,
    definition: { ...now.definition, items: [], removed: [question("size", "Size")] },
  }));
  for (const id of ids.filter((each) => each !== winner))
    await expect(change(id, withQuestion(question("size", "Size")))).rejects.toBeInstanceOf(QuestionKeyTakenError);
  expect(await change(winner, withQuestion(question("size", "Size")))).toEqual(expect.any(Number));
});

test.each(["Spr\u0000ing", "Spring\n2027", "\ufffd"])("no form is made with the name %j", async (name) => {
  const made = makeForm(services(), { actor, slug: "spring", name });
  await expect(made).rejects.toMatchObject({ code: "INVALID", details: { issues: [{ path: ["name"] }] } });
  expect(forms.bySlug("spring")).toBeUndefined();
});

test("a definition that could not be read again is refused, and the form stays as it was", async () => {
  const before = await storedForm(services(), 1);
  const long = withQuestion(question("size", "x".repeat(2_001)));
  await expect(change(1, long)).rejects.toMatchObject({ code: "INVALID" });
  expect(await storedForm(services(), 1)).toEqual(before);
});
