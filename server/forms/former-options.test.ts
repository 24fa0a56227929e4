import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { shownAnswers } from "./answer-words";
import { checkAnswer } from "./answers";
import { changeForm, type FormState, makeForm, storedForm } from "./change";
import type { Question, QuestionOption } from "./definition";
import { draftOf } from "./draft";
import { idOf, type Typed } from "./draft-inputs";
import { formHistory } from "./form-history";
import { type Forms, openForms } from "./forms";
import { optionLines } from "./option-lines";
import { siteQuestions } from "./questions";
import { undoFormChange } from "./undo-form-change";

let database: TestDatabase;
let actor: Actor;
let forms: Forms;
beforeAll(async () => {
  database = await createTestDatabase();
  actor = await makeAdmin(database.db);
  forms = await openForms({ db: database.db, log: createLog("silent") }, { follow: false });
});
beforeEach(async () => {
  await database.db.formChange.deleteMany();
  await database.db.form.deleteMany({ where: { id: { not: 1 } } });
  await database.db.form.update({ where: { id: 1 }, data: { definition: { items: [{ question: size }] } as object } });
  await forms.reload();
});
afterAll(() => database.drop());

const services = () => ({ db: database.db, forms, env: parseEnv({}) });
const option = (value: string, en: string, ru = ""): QuestionOption => ({ value, label: { en, ru } });
const [small, medium, large] = [option("s", "Small"), option("m", "Medium"), option("l", "Large", "Большой")];
const size: Question = {
  key: "size",
  kind: "choice",
  label: { en: "Size", ru: "" },
  help: { en: "", ru: "" },
  required: false,
  options: [small, medium, large],
  former: [],
  parameter: "",
};

/** Saves the page of the first form with these lines as the question's options. */
async function offer(lines: string) {
  const { seen } = await storedForm(services(), 1);
  const change = (now: FormState) => {
    const typed: Typed = {};
    for (const [index, item] of now.definition.items.entries()) {
      const { label } = "field" in item ? item : item.question;
      typed[`place.${idOf(item)}`] = String(index + 1);
      if ("field" in item) typed[`ask.${idOf(item)}`] = "on";
      typed[`label.${idOf(item)}.en`] = label.en;
    }
    const { state, problems } = draftOf(now, { ...typed, "options.q_size": lines }, new Set(["size"]), ["questions"]);
    expect(problems).toEqual({});
    return state;
  };
  await changeForm(services(), { actor, id: 1, seen, change });
}

const asked = () => siteQuestions(forms.all()).get("size");
const wordsOf = (value: string) =>
  shownAnswers(siteQuestions(forms.all()), { size: value }, "ru", { hidden: true }).map(({ text }) => text);

test("an option that is offered no longer keeps its words for the answers that were given, and is not chosen again", async () => {
  await offer(optionLines([small, medium]));
  expect(asked()).toMatchObject({ options: [small, medium], former: [large] });
  expect(wordsOf("l")).toEqual(["Большой"]);
  for (const by of ["visitor", "sender"] as const)
    expect(checkAnswer(asked() as Question, "l", by)).toEqual({ problem: "option" });

  await offer(optionLines([small, option("h", "Huge")]));
  expect([asked()?.former, wordsOf("m"), wordsOf("l")]).toEqual([[medium, large], ["Medium"], ["Большой"]]);
});

test("an option that is offered again is no former one any more, with the words of now", async () => {
  await offer(optionLines([small, medium]));
  await offer("s = Small\nm = Medium\nl = Large | Крупный");
  expect(asked()).toMatchObject({ options: [small, medium, option("l", "Large", "Крупный")], former: [] });
  expect(wordsOf("l")).toEqual(["Крупный"]);
});

test("undoing that an option is offered again in other words gives its answers their former words", async () => {
  await offer("s = Small\nm = Medium\nl = Large | Крупный");
  await offer(optionLines([small, medium]));
  await offer("s = Small\nm = Medium\nl = Long | Длинный");
  expect(wordsOf("l")).toEqual(["Длинный"]);
  const [newest] = await formHistory(services(), 1);
  await undoFormChange(services(), { actor, changeId: newest?.id ?? 0 });
  expect(asked()).toMatchObject({ options: [small, medium], former: [option("l", "Large", "Крупный")] });
  expect(wordsOf("l")).toEqual(["Крупный"]);
});

test("an option whose addition is undone keeps its words, and one whose removal is undone is offered again", async () => {
  const undo = async () => {
    const [newest] = await formHistory(services(), 1);
    await undoFormChange(services(), { actor, changeId: newest?.id ?? 0 });
  };
  await offer(optionLines([small, medium, large, option("h", "Huge", "Огромный")]));
  await undo();
  expect(asked()).toMatchObject({ options: [small, medium, large], former: [option("h", "Huge", "Огромный")] });
  expect(wordsOf("h")).toEqual(["Огромный"]);

  await offer(optionLines([small, medium]));
  await undo();
  expect(asked()).toMatchObject({ options: [small, medium, large], former: [option("h", "Huge", "Огромный")] });
});

test("a form made like another one has none of its former options", async () => {
  await offer(optionLines([small, medium]));
  const id = await makeForm(services(), { actor, slug: "copy", name: "", copyOf: 1 });
  const copied = forms.byId(id)?.definition.items.find((item) => "question" in item);
  expect(copied).toMatchObject({ question: { options: [small, medium], former: [] } });
});

test("a new option whose words are a former one's value gets another, so that the former answers keep their words", async () => {
  await offer("Basic = Standard\nPro = Pro\nTop = Top");
  await offer("Pro\nTop");
  await offer("Basic\nPro\nTop");
  const shown = () => [asked()?.options, asked()?.former.find(({ value }) => value === "Basic")];
  const offered = [option("Basic 2", "Basic"), option("Pro", "Pro"), option("Top", "Top")];
  expect(shown()).toEqual([offered, option("Basic", "Standard")]);
  expect([wordsOf("Basic"), wordsOf("Basic 2")]).toEqual([["Standard"], ["Basic"]]);

  await offer(optionLines(offered));
  expect(shown()).toEqual([offered, option("Basic", "Standard")]);
  await offer("Pro\nTop");
  await offer("Pro\nTop\nBasic\nBasic 3");
  expect(asked()?.options.slice(2)).toEqual([option("Basic 2", "Basic"), option("Basic 3", "Basic 3")]);
  expect(wordsOf("Basic")).toEqual(["Standard"]);
});

test("a line with words of a former option offers that one again, also in another place's stead", async () => {
  await offer(optionLines([small, medium]));
  await offer("s = Small\nLarge | Большой");
  expect(asked()).toMatchObject({ options: [small, large], former: [medium] });
  await offer("s = Small\nGiant | Большой\nMedium");
  expect(asked()).toMatchObject({ options: [small, option("l", "Giant", "Большой"), medium], former: [] });
});
