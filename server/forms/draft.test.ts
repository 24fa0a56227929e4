import { expect, test } from "vitest";
import { changedParts, type FormState } from "./change";
import { draftOf } from "./draft";
import { idOf, type Typed } from "./draft-inputs";
import { mergeTyped } from "./merge-typed";
import { optionLines, readOptions } from "./option-lines";
import { readDefinition } from "./read-definition";

const size = {
  question: { key: "size", kind: "choice", label: { en: "Size" }, options: [{ value: "s" }, { value: "l" }] },
};

const stateOf = (items?: object[]): FormState => ({
  slug: "spring",
  name: "Spring",
  closedAt: null,
  definition: readDefinition(items ? { items } : {}),
});

/** What the page would send back unchanged. */
function shown(state: FormState): Typed {
  const { definition, name, slug } = state;
  const typed: Typed = { name, slug: slug ?? "", "after.kind": definition.after.kind };
  for (const [index, item] of definition.items.entries()) {
    const id = idOf(item);
    const { label, help, required } = "field" in item ? item : item.question;
    typed[`place.${id}`] = String(index + 1);
    if ("field" in item) typed[`ask.${id}`] = "on";
    else typed[`options.${id}`] = optionLines(item.question.options);
    if (required) typed[`required.${id}`] = "on";
    for (const language of ["en", "ru"] as const) {
      typed[`label.${id}.${language}`] = label[language];
      typed[`help.${id}.${language}`] = help[language];
    }
  }
  return typed;
}

const draft = (state: FormState, typed: Typed) => draftOf(state, typed, new Set(["size"]));
const order = (state: FormState) => state.definition.items.map(idOf);

test("a page that is sent back as it was shown changes nothing", () => {
  for (const state of [
    stateOf(),
    stateOf([{ field: "phone" }, { field: "firstName" }, { field: "email" }, { field: "company" }, size]),
  ])
    expect(draft(state, shown(state))).toEqual({ state, problems: {} });
});

test("the numbers give the order, and a field may be left out and come back", () => {
  const state = stateOf();
  const { state: moved } = draft(state, { ...shown(state), "place.phone": "0", "ask.company": "" });
  expect(order(moved)).toEqual(["phone", "firstName", "lastName", "email"]);
  const { state: back } = draft(moved, { ...shown(moved), "place.company": "1.5", "ask.company": "on" });
  expect(order(back)).toEqual(["phone", "company", "firstName", "lastName", "email"]);
});

test("what no registration can do without is asked and required, whatever is sent", () => {
  const state = stateOf();
  const { state: after } = draft(state, { ...shown(state), "ask.email": "", "required.email": "" });
  expect(after.definition.items).toContainEqual(expect.objectContaining({ field: "email", required: true }));
});

test("a new question gets a key of its own, also beside a removed one with the same words", () => {
  const state = stateOf();
  const { state: after } = draft(state, {
    ...shown(state),
    "kind.new": "choices",
    "label.new.en": "Size",
    "options.new": "Small\nl = Large | Большой\nSmall",
  });
  expect(after.definition.items.at(-1)).toMatchObject({
    question: {
      key: "size_2",
      kind: "choices",
      options: [
        { value: "Small", label: { en: "Small", ru: "" } },
        { value: "l", label: { en: "Large", ru: "Большой" } },
      ],
    },
  });
});

test("a removed question keeps its words for the answers that were given", () => {
  const state = stateOf([{ field: "firstName" }, { field: "email" }, { field: "phone" }, size]);
  const { state: after } = draft(state, { ...shown(state), "drop.q_size": "on" });
  expect(order(after)).toEqual(["firstName", "email", "phone"]);
  expect(after.definition.removed).toMatchObject([{ key: "size", label: { en: "Size" } }]);
});

test("an item that the page did not show stays where it was", () => {
  const state = stateOf([{ field: "firstName" }, { field: "email" }, { field: "phone" }, size]);
  const { "place.q_size": _, ...typed } = shown(state);
  expect(order(draft(state, typed).state)).toEqual(["firstName", "email", "phone", "q_size"]);
});

test.each([
  [{ slug: "Весна" }, "slug"],
  [{ "after.kind": "address", "after.address": "http://example.com" }, "after.address"],
  [{ "after.kind": "address", "after.address": "javascript:alert(1)" }, "after.address"],
  [{ "after.kind": "text" }, "after.text.en"],
  [{ "kind.new": "choice", "label.new.ru": "Размер", "options.new": "S" }, "options.new"],
  [{ "kind.new": "hidden", "label.new.en": "Promo", "parameter.new": "a b" }, "parameter.new"],
  [{ "label.new.en": "x".repeat(201) }, "label.new.en"],
  [{ "heading.en": "x".repeat(201) }, "heading.en"],
  [{ "kind.new": "choices", "label.new.en": "Size", "options.new": `s = ${"x".repeat(201)}\nl` }, "options.new"],
  [{ "kind.new": "choice", "label.new.en": "Size", "options.new": `s\nl = L | ${"x".repeat(2_001)}` }, "options.new"],
  [{ "kind.new": "choice", "label.new.en": "Size", "options.new": "s\nl\u0000" }, "options.new"],
  [{ "kind.new": "choice", "label.new.en": "Size", "options.new": "s\nl = Lar\tge" }, "options.new"],
  [{ "kind.new": "choice", "label.new.en": "Size", "options.new": "l = Large\nxl = large" }, "options.new"],
  [{ "kind.new": "choice", "label.new.en": "Size", "options.new": "Large | Большой\nHuge | Большой" }, "options.new"],
  [{ name: "Spr\u0000ing" }, "name"],
  [{ "heading.ru": "Вес\ud800на" }, "heading.ru"],
  [{ "lead.en": "a\u0000b" }, "lead.en"],
  [{ "label.email.en": "E\u0007mail" }, "label.email.en"],
  [{ "help.phone.ru": "\ufffd" }, "help.phone.ru"],
  [{ "after.kind": "text", "after.text.en": "Thank\u0000you" }, "after.text.en"],
  [{ "own.dealTitle": "on", dealTitle: "{name}\u0000" }, "dealTitle"],
  [{ "own.product": "on", product: "many" }, "product"],
  [{ "own.dealTitle": "on", dealTitle: "{nmae}" }, "dealTitle"],
] as [Typed, string][])("%j is refused beside %s, in both languages", (typed, input) => {
  const state = stateOf();
  const { problems } = draft(state, { ...shown(state), ...typed });
  expect(Object.keys(problems)).toEqual([input]);
  expect(problems[input]).toEqual({ en: expect.any(String), ru: expect.stringMatching(/\p{Script=Cyrillic}/u) });
});

test("only what is ticked is the form's own, a blank one too", () => {
  const state = stateOf();
  const { state: after } = draft(state, { ...shown(state), "own.price": "on", price: "", product: "1800" });
  expect(after.definition.settings).toEqual({ price: "" });
});

test("options read back as they were written", () => {
  for (const options of [
    [{ value: "s", label: { en: "Small", ru: "Маленький" } }],
    [{ value: "Казань", label: { en: "Казань", ru: "" } }],
    [{ value: "Large", label: { en: "Large", ru: "Большой" } }],
  ])
    expect(readOptions(optionLines(options))).toEqual(options);
});

const colour = (...options: object[]) =>
  stateOf([{ field: "firstName" }, { field: "email" }, { field: "phone" }, question("choice", options)]);
const question = (kind: string, options: object[]) => ({
  question: { key: "colour", kind, label: { en: "Colour" }, options },
});
const option = (value: string, en = value, ru = "") => ({ value, label: { en, ru } });
const [red, green, blue] = [option("Red", "Red", "Красный"), option("Green"), option("Blue")];

/** The options after a question's lines were replaced by these. */
function edited(state: FormState, lines: string) {
  const { state: after, problems } = draft(state, { ...shown(state), "options.q_colour": lines });
  const item = after.definition.items.at(-1);
  return { problems, options: item && "question" in item ? item.question.options : [] };
}

test.each([
  ["one text changed", "Crimson | Красный\nGreen\nBlue", [option("Red", "Crimson", "Красный"), green, blue]],
  ["both texts changed", "Crimson | Алый\nGreen\nBlue", [option("Red", "Crimson", "Алый"), green, blue]],
  ["a second text added", "Red | Красный\nGreen | Зелёный\nBlue", [red, option("Green", "Green", "Зелёный"), blue]],
  [
    "all texts changed",
    "Crimson\nLime\nNavy",
    [option("Red", "Crimson"), option("Green", "Lime"), option("Blue", "Navy")],
  ],
  [
    "one changed and one added",
    "Red | Красный\nLime\nBlue\nBlack",
    [red, option("Green", "Lime"), blue, option("Black")],
  ],
  ["one removed and one added elsewhere", "Green\nBlue\nBlack", [green, blue, option("Black")]],
  ["moved", "Blue\nRed | Красный\nGreen", [blue, red, green]],
  [
    "moved and changed, known by the other language",
    "Green\nBlue\nCrimson | Красный",
    [green, blue, option("Red", "Crimson", "Красный")],
  ],
  ["a new value on purpose", "Red | Красный\nlime = Lime\nBlue", [red, option("lime", "Lime"), blue]],
  ["all replaced on purpose", "x = X\ny = Y", [option("x", "X"), option("y", "Y")]],
])("options keep what is stored of them: %s", (_name, lines, expected) => {
  const { options, problems } = edited(colour(red, green, blue), lines);
  expect({ options, problems }).toEqual({ options: expected, problems: {} });
});

test.each([
  ["one option or two that were changed", "Crimson\nPink\nGreen\nBlue"],
  ["two options that became one", "Lime\nBlue"],
  ["two lines with one value", "Red | Красный\nGreen\nBlue\nRed = Other"],
])("%s are not guessed", (_name, lines) => {
  const { problems } = edited(colour(red, green, blue), lines);
  expect(Object.keys(problems)).toEqual(["options.q_colour"]);
});

test("an option whose words have changed before keeps its value when they change again", () => {
  const { options } = edited(colour(red, green), "Crimson | Красный\nGreen");
  const state = colour(...options);
  expect(optionLines(options)).toBe("Red = Crimson | Красный\nGreen");
  expect(edited(state, optionLines(options).replace("Crimson", "Scarlet")).options[0]).toEqual(
    option("Red", "Scarlet", "Красный"),
  );
});

test("line breaks count once and are stored as one character, whatever the browser sends", () => {
  const state = stateOf();
  const lead = Array.from({ length: 1_000 }, () => "a").join("\n");
  const sent = { ...shown(state), "lead.en": lead.replaceAll("\n", "\r\n"), "lead.ru": lead };
  const { state: after, problems } = draft(state, sent);
  expect(problems).toEqual({});
  expect(after.definition.lead).toEqual({ en: lead, ru: lead });
});

test("a text that was stored with the browser's line breaks is no change when it is sent back as it was shown", () => {
  const lead = { en: "One\r\nTwo", ru: "Раз\r\nДва" };
  const state = { ...stateOf(), definition: readDefinition({ lead }) };
  for (const lineBreak of ["\n", "\r\n"]) {
    const sent = { ...shown(state), "lead.en": `One${lineBreak}Two`, "lead.ru": `Раз${lineBreak}Два` };
    expect(changedParts(state, draft(state, sent).state)).toEqual([]);
  }
  const typed = { ...shown(state), "lead.en": "One\r\nTwo", "lead.ru": "Раз\r\nДва" };
  const now = { ...state, definition: { ...state.definition, lead: { en: "Theirs", ru: "" } } };
  const { overtaken } = mergeTyped({ section: "questions", shown: state, now, typed, textsOf: () => ({}) });
  expect(overtaken).toEqual({});
});
