import { expect, test } from "vitest";
import type { FormState } from "./change";
import type { FormSettings } from "./definition";
import { draftOf } from "./draft";
import type { FormSection, Typed } from "./draft-inputs";
import { mergeTyped } from "./merge-typed";
import { readDefinition } from "./read-definition";

const question = (key: string, label: string, more: object = {}) => ({
  question: { key, kind: "text", label: { en: label }, ...more },
});
const items = [{ field: "firstName" }, { field: "email" }, { field: "phone" }];

const formOf = (definition: object, more: Partial<FormState> = {}): FormState => ({
  slug: "spring",
  name: "Spring",
  closedAt: null,
  definition: readDefinition({ items: [...items, question("size", "Size")], ...definition }),
  ...more,
});

/** As the page sends the section of questions unchanged. */
const unchanged: Typed = {
  "lead.en": "",
  "place.firstName": "1",
  "place.email": "2",
  "place.phone": "3",
  "place.q_size": "4",
  "place.lastName": "5",
  "place.company": "6",
  "required.firstName": "on",
  "required.email": "on",
  "required.phone": "on",
  "label.q_size.en": "Size",
};

const shown = formOf({});
const merged = (now: FormState, typed: Typed, section: FormSection = "questions") =>
  mergeTyped({ section, shown, now, typed, textsOf: (own) => ({ price: own.price ?? "10" }) });

test("what both have changed is told, and what only one has changed is kept", () => {
  const now = formOf({
    heading: { en: "Theirs" },
    lead: { en: "Their lead" },
    items: [...items, question("size", "Their size", { required: true })],
  });
  const found = merged(now, { ...unchanged, "heading.en": "Mine", "lead.ru": "Мой", "label.q_size.en": "My size" });
  expect(found).toMatchObject({
    overtaken: { "heading.en": "Theirs", "label.q_size.en": "Their size" },
    typed: {
      "heading.en": "Mine",
      "lead.en": "Their lead",
      "lead.ru": "Мой",
      "label.q_size.en": "My size",
      "required.q_size": "on",
    },
    gone: [],
    isOrderOvertaken: false,
  });
});

test("the same change by both is told of nobody, whatever line breaks a browser sends", () => {
  const options = { kind: "choice", options: ["s", "l"].map((value) => ({ value, label: { en: value } })) };
  const now = formOf({ items: [...items, question("size", "Size", options)] });
  expect(merged(now, { ...unchanged, "options.q_size": "s\r\nl" }).overtaken).toEqual({});
});

test("a question that is gone is told with what was typed into it, unless it was to be removed", () => {
  const now = formOf({ items });
  const typed = { ...unchanged, "label.q_size.en": "How large", "help.q_size.en": "In cm" };
  expect(merged(now, typed).gone).toEqual([{ id: "q_size", typed: ["How large", "In cm"] }]);
  expect(merged(now, { ...typed, "drop.q_size": "on" }).gone).toEqual([]);
});

test("a colleague's order is taken where the page's was not touched, and told where it was", () => {
  const now = formOf({ items: [question("size", "Size"), ...items] });
  const untouched = merged(now, unchanged);
  expect([untouched.isOrderOvertaken, untouched.typed["place.q_size"], untouched.typed["place.phone"]]).toEqual([
    false,
    "1",
    "4",
  ]);
  const moved = merged(now, { ...unchanged, "place.phone": "0" });
  expect([moved.isOrderOvertaken, moved.typed["place.q_size"], moved.typed["place.phone"]]).toEqual([true, "4", "0"]);
});

test("what a colleague has added to an order of their own is left to the page as well", () => {
  const now = formOf({ items: [question("size", "Size"), question("colour", "Colour", { required: true }), ...items] });
  const { typed } = merged(now, unchanged);
  expect(["size", "colour"].map((key) => typed[`place.q_${key}`])).toEqual(["1", undefined]);
  expect(draftOf(now, typed, new Set(), ["questions"]).state.definition.items).toEqual(now.definition.items);
});

test("what a colleague has added is left to the page, which shows it as it is", () => {
  const now = formOf({ items: [...items, question("size", "Size"), question("colour", "Colour")] });
  expect(merged(now, unchanged)).toEqual({ typed: unchanged, overtaken: {}, gone: [], isOrderOvertaken: false });
});

test.each([
  [
    "deal",
    { settings: { price: "100" } },
    {},
    { "own.price": "on", price: "100" },
    { "own.price": "on", price: "120" },
    { "own.price": "", price: "10" },
  ],
  [
    "questions",
    { items: [...items, { field: "company" }] },
    { items },
    { "ask.company": "on", "label.company.en": "" },
    { "ask.company": "on", "label.company.en": "Firm" },
    { "ask.company": "" },
  ],
  [
    "after",
    { after: { kind: "text", text: { en: "Thanks" } } },
    {},
    { "after.kind": "text", "after.text.en": "Thanks" },
    { "after.kind": "text", "after.text.en": "Come again" },
    { "after.kind": "account", "after.text.en": "" },
  ],
] satisfies [FormSection, object, object, Typed, Typed, Typed][])(
  "what was typed below a box or a kind of the section %s keeps it, and is told how a colleague has changed it",
  (section, own, theirs, sent, typed, overtaken) => {
    const [before, now] = [formOf({ items, ...own }), formOf({ items, ...theirs })];
    const textsOf = (settings: FormSettings) => ({ price: settings.price ?? "10" });
    const found = (inputs: Typed) => mergeTyped({ section, shown: before, now, typed: inputs, textsOf });
    const touched = found({ ...sent, ...typed });
    expect(touched.typed).toMatchObject(typed);
    expect(touched.overtaken).toEqual(overtaken);
    expect(found(sent).typed).toMatchObject(overtaken);
  },
);

test.each([
  [
    "page",
    formOf({}, { name: "Theirs", closedAt: "2026-01-01T00:00:00.000Z" }),
    { name: "Mine", slug: "spring", open: "yes" },
    { name: "Theirs" },
  ],
  [
    "after",
    formOf({ after: { kind: "address", address: "https://their.example" } }),
    { "after.kind": "text", "after.text.en": "Mine" },
    { "after.kind": "address" },
  ],
  ["deal", formOf({ settings: { price: "20" } }), { "own.price": "on", price: "30" }, { price: "20" }],
] as const)("the section %s is told of the same way", (section, now, typed, overtaken) => {
  expect(merged(now, typed, section).overtaken).toEqual(overtaken);
});
