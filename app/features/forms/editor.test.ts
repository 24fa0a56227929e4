import { expect, test } from "vitest";
import { seenField, stepField } from "~/features/settings/form-fields";
import { changeForm, type FormState, lockForms, makeForm, storedForm } from "~server/forms/change";
import { type FormSection, orderOf } from "~server/forms/draft-inputs";
import { undoFormReviewed } from "~server/preview/undo-form";
import type { Services } from "~server/services";
import { startCrm } from "~server/test/crm";
import { makeAdmin } from "~server/test/factories";
import { answerEditor } from "./editor.server";

async function editor() {
  const { services } = await startCrm();
  const actor = await makeAdmin(services.db);
  return { services, actor, post };

  async function post(id: number, section: FormSection, typed: Record<string, string>, step = "", known?: string) {
    const { seen } = await storedForm(services, id);
    const form = new FormData();
    for (const [name, text] of Object.entries({ ...typed, [seenField]: known ?? String(seen), [stepField]: step }))
      form.set(name, text);
    return answerEditor(services, { actor, id, section, form, locale: "en" });
  }
}

test("another form's address is refused beside its field in both steps, and not as another's change", async () => {
  const { services, actor, post } = await editor();
  const spring = await makeForm(services, { actor, slug: "spring", name: "" });
  await makeForm(services, { actor, slug: "autumn", name: "" });
  for (const step of ["", "save"])
    expect(await post(spring, "page", { slug: "Autumn", name: "Spring" }, step)).toMatchObject({
      outcome: "refused",
      said: { slug: "Another form has this address." },
    });
  expect(await post(spring, "page", { slug: "spring", name: "Spring" }, "save")).toMatchObject({ outcome: "saved" });
});

test("an address that another form takes while the change is saved is refused in the same words", async () => {
  const { services, actor, post } = await editor();
  const spring = await makeForm(services, { actor, slug: "spring", name: "" });
  // What changes forms waits here: the draft was checked before the other form could be seen.
  const answer = await services.db.$transaction(
    async (tx) => {
      await lockForms(tx);
      await tx.form.create({ data: { slug: "autumn", name: "" } });
      const posted = post(spring, "page", { slug: "autumn", name: "" }, "save");
      await expect.poll(() => countWaiting(services)).toBe(1);
      return { posted };
    },
    { timeout: 240_000 },
  );
  expect(await answer.posted).toMatchObject({ outcome: "refused", said: { slug: "Another form has this address." } });
});

async function countWaiting({ db }: Services): Promise<number> {
  const [row] = await db.$queryRaw<{ waiting: number }[]>`
    select count(*)::int as waiting from pg_locks
    where relation = '"FormChange"'::regclass and not granted
      and database = (select oid from pg_database where datname = current_database())`;
  return row?.waiting ?? 0;
}

test("questions that two forms are given at the same moment are both saved, with keys of their own", async () => {
  const { services, actor, post } = await editor();
  const ids = [await makeForm(services, { actor, slug: "a", name: "" })];
  ids.push(await makeForm(services, { actor, slug: "b", name: "" }));
  const typed = { "label.new.en": "Size", "kind.new": "text" };
  const answers = await Promise.all(ids.map((id) => post(id, "questions", typed, "save")));
  expect(answers.map(({ outcome, said }) => ({ outcome, said }))).toEqual([
    { outcome: "saved", said: {} },
    { outcome: "saved", said: {} },
  ]);
  await services.forms.reload();
  const keys = ids.map((id) => services.forms.byId(id)?.definition.items.at(-1));
  expect(keys.map((item) => (item && "question" in item ? item.question.key : null)).sort()).toEqual([
    "size",
    "size_2",
  ]);
});

test.each(["", "save"])(
  "what was typed stays beside a colleague's change, and replaces it in a further step: %s",
  async (step) => {
    const { services, actor, post } = await editor();
    const id = await makeForm(services, { actor, slug: "spring", name: "Spring" });
    const { seen } = await storedForm(services, id);
    await post(id, "page", { slug: "spring", name: "Theirs", open: "no" }, "save");
    const answer = await post(id, "page", { slug: "spring", name: "Mine", open: "yes" }, step, String(seen));
    expect(answer).toMatchObject({
      outcome: "conflict",
      status: 409,
      typed: { name: "Mine", open: "no" },
      said: { name: "Another administrator has changed this in the meantime. Now: “Theirs”" },
      elsewhere: [],
    });
    expect((await storedForm(services, id)).state.name).toBe("Theirs");
    expect(await post(id, "page", answer.typed, "save", answer.typed[seenField])).toMatchObject({ outcome: "saved" });
    expect((await storedForm(services, id)).state).toMatchObject({ name: "Mine", closedAt: expect.any(String) });
  },
);

test.each(["add", "up.email"])(
  "a colleague's questions stay as they are where a page without them arranges: %s",
  async (act) => {
    const { services, actor, post } = await editor();
    const id = await makeForm(services, { actor, slug: "spring", name: "" });
    const opened = await storedForm(services, id);
    const ask = { "label.new.en": "Size", "kind.new": "text", "required.new": "on" };
    const shown = Object.fromEntries(orderOf(opened.state, {}).map((each, index) => [`place.${each}`, `${index + 1}`]));
    await post(id, "questions", { ...shown, ...ask }, "save");
    const typed = { ...shown, "lead.en": "Mine" };
    const arranging = await post(id, "questions", { ...typed, act }, "", String(opened.seen));
    expect(arranging).toMatchObject({ outcome: "conflict", status: 409, act: "" });
    expect(Object.keys(arranging.typed).filter((name) => name.startsWith("place."))).toEqual(Object.keys(shown));
    expect(await post(id, "questions", arranging.typed, "save", arranging.typed[seenField])).toMatchObject({
      outcome: "saved",
    });
    const { definition } = (await storedForm(services, id)).state;
    expect(definition).toMatchObject({ lead: { en: "Mine" } });
    expect(definition.items.at(-1)).toMatchObject({ question: { label: { en: "Size" }, required: true } });
  },
);

test.each(["", "add"])(
  "a question that a colleague has removed is named with what was typed into it: %s",
  async (act) => {
    const { services, actor, post } = await editor();
    const id = await makeForm(services, { actor, slug: "spring", name: "" });
    await post(id, "questions", { "label.new.en": "Size", "kind.new": "text" }, "save");
    const { seen, state } = await storedForm(services, id);
    const item = state.definition.items.at(-1);
    const name = item && "question" in item ? `q_${item.question.key}` : "";
    const place = { [`place.${name}`]: "5" };
    await post(id, "questions", { ...place, [`label.${name}.en`]: "Size", [`drop.${name}`]: "on" }, "save");
    const typed = { ...place, [`label.${name}.en`]: "How large?" };
    expect(await post(id, "questions", { ...typed, act }, "", String(seen))).toMatchObject({
      outcome: "conflict",
      elsewhere: ["“Size” was removed in the meantime; you had typed: How large?"],
    });
  },
);

test("what the portal had against the form before keeps neither its questions from being changed nor a change from being undone", async () => {
  const { services, actor, post } = await editor();
  const id = await makeForm(services, { actor, slug: "spring", name: "" });
  const { seen } = await storedForm(services, id);
  const settings = { funnel: "7", fields: "gclid=deal.UF_CRM_GONE" };
  const change = (now: FormState) => ({ ...now, definition: { ...now.definition, settings } });
  await changeForm(services, { actor, id, seen, change });
  const typed = { "label.new.en": "Size", "kind.new": "text" };
  expect(await post(id, "questions", typed)).toMatchObject({
    outcome: "review",
    review: { warnings: [expect.stringContaining("pipeline 7"), expect.stringContaining("UF_CRM_GONE")] },
  });
  const saved = await post(id, "questions", typed, "save");
  expect(saved).toMatchObject({ outcome: "saved" });
  const undo = { actor, changeId: saved.change ?? 0, locale: "en" } as const;
  expect(await undoFormReviewed(services, undo)).toEqual({ outcome: "undone" });
});

test("a question that does not fit the field to which its answers would go is refused", async () => {
  const { services, actor, post } = await editor();
  const id = await makeForm(services, { actor, slug: "spring", name: "" });
  const { seen } = await storedForm(services, id);
  const settings = { fields: "answer.size=deal.begindate" };
  await changeForm(services, {
    actor,
    id,
    seen,
    change: (now) => ({ ...now, definition: { ...now.definition, settings } }),
  });
  expect(await post(id, "questions", { "label.new.en": "Size", "kind.new": "text" })).toMatchObject({
    outcome: "refused",
    elsewhere: [expect.stringContaining("answer.size")],
  });
  expect(await post(id, "questions", { "label.new.en": "Size", "kind.new": "date" })).toMatchObject({
    outcome: "review",
    elsewhere: [],
  });
});
