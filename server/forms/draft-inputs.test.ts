import { expect, test } from "vitest";
import type { FormState } from "./change";
import { draftOf } from "./draft";
import { arranged, type FormSection, formSections, idOf, newIdsIn, orderOf, type Typed } from "./draft-inputs";
import { readDefinition } from "./read-definition";
import { isSameSection } from "./sections";

const question = (key: string, more: object = {}) => ({ key, kind: "text", label: { en: key }, ...more });

const state: FormState = {
  slug: "spring",
  name: "Spring",
  closedAt: null,
  definition: readDefinition({
    heading: { en: "Come" },
    items: [{ field: "firstName" }, { field: "email" }, { field: "phone" }, { question: question("size") }],
    removed: [question("shoes", { kind: "choice", options: [{ value: "s" }, { value: "l" }] })],
    after: { kind: "text", text: { en: "Thanks" } },
    settings: { product: "1800", fields: "answer.size=deal.ufCrmSize" },
  }),
};

/** What the section of questions sends back unchanged. */
const shown: Typed = {
  "heading.en": "Come",
  ...Object.fromEntries(
    orderOf(state, {}).flatMap((id, index) => [
      [`place.${id}`, String(index + 1)],
      [`label.${id}.en`, id === "q_size" ? "size" : ""],
    ]),
  ),
};
const order = ({ definition }: FormState) => definition.items.map(idOf);
const draft = (typed: Typed, sections?: FormSection[]) =>
  draftOf(state, typed, new Set(["size", "shoes"]), sections ?? ["questions"]);

test.each(formSections)("sending %s changes nothing of the other sections", (section) => {
  const typed = { slug: "autumn", name: "Autumn", "after.kind": "account", open: "no", "heading.en": "Go" };
  const { state: after } = draft({ ...shown, ...typed, "drop.q_size": "on" }, [section]);
  expect(formSections.filter((each) => !isSameSection(each, state, after))).toEqual([section]);
});

test("several new questions are added in one go, each at its place", () => {
  const { state: after, problems } = draft({
    ...shown,
    "label.new.en": "City",
    "place.new": "1",
    "label.new_2.ru": "Город",
    "kind.new_2": "long",
    "required.new_2": "on",
    "label.new_3.en": "City",
    "kind.new_4": "choice",
  });
  expect(problems).toEqual({});
  expect(order(after)).toEqual(["firstName", "q_city", "email", "phone", "q_size", "q_gorod", "q_city_2"]);
  expect(after.definition.items.at(-2)).toMatchObject({ question: { kind: "long", required: true } });
});

test.each([["help.new_2.en"], ["options.new_2"], ["parameter.new_2"]])(
  "a new question without a label is not dropped without a word if %s was typed",
  (name) => {
    expect(Object.keys(draft({ ...shown, [name]: "Something" }).problems)).toEqual(["label.new_2.en"]);
  },
);

test("a removed question comes back with its key and its options", () => {
  const { state: after } = draft({ ...shown, "back.shoes": "on" });
  expect(after.definition.items.at(-1)).toMatchObject({ question: { key: "shoes", options: [{ value: "s" }, {}] } });
  expect(after.definition.removed).toEqual([]);
});

test("a form is closed and opened, and stays as it is where the page does not say", () => {
  const typed = { name: "Spring", slug: "spring" };
  const closed = draftOf(state, { ...typed, open: "no" }, new Set(), ["page"]).state;
  expect(closed.closedAt).not.toBeNull();
  expect(draftOf(closed, { ...typed, open: "no" }, new Set(), ["page"]).state).toEqual(closed);
  expect(draftOf(closed, typed, new Set(), ["page"]).state).toEqual(closed);
  expect(draftOf(closed, { ...typed, open: "yes" }, new Set(), ["page"]).state.closedAt).toBeNull();
});

test("what stands on the page moves up and down with everything that was typed", () => {
  const typed = { ...shown, "label.q_size.en": "Width", "label.new.en": "City", "place.new": "7" };
  const up = arranged(state, typed, "up.q_size");
  expect(orderOf(state, up)).toEqual(["firstName", "email", "q_size", "phone", "lastName", "company", "new"]);
  expect(up).toMatchObject({ "label.q_size.en": "Width", "label.new.en": "City" });
  expect(orderOf(state, arranged(state, up, "down.q_size"))).toEqual(orderOf(state, typed));
  for (const act of ["up.firstName", "down.new", "up.nothing", "less.q_size", "jump.email", ""])
    expect(orderOf(state, arranged(state, typed, act)), act).toEqual(orderOf(state, typed));
});

test("further new questions are begun and given up", () => {
  const one = arranged(state, shown, "add");
  const three = arranged(state, arranged(state, { ...one, "label.new.en": "City" }, "add"), "add");
  expect(newIdsIn(three)).toEqual(["new", "new_2", "new_3"]);
  expect(orderOf(state, three).slice(-3)).toEqual(["new", "new_2", "new_3"]);
  const less = arranged(state, { ...three, "label.new_2.en": "Gone" }, "less.new_2");
  expect(newIdsIn(less)).toEqual(["new", "new_3"]);
  expect(Object.values(less)).not.toContain("Gone");
  expect(less["label.new.en"]).toBe("City");
  expect(newIdsIn(arranged(state, less, "add"))).toEqual(["new", "new_3", "new_4"]);
});

test("numbers that cannot be read leave an item where it was", () => {
  expect(orderOf(state, { "place.email": "", "place.phone": "x", "place.q_size": "0,5" })).toEqual([
    "q_size",
    "firstName",
    "email",
    "phone",
    "lastName",
    "company",
  ]);
});
