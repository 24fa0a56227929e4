import { expect, test } from "vitest";
import { readDefinition } from "../forms/read-definition";
import { withoutGuard } from "./form-guard";
import { formSchema } from "./form-schema";
import { formReply, formValues } from "./sent-form";

const question = (key: string, kind: string, more: object = {}) => ({ question: { key, kind, ...more } });
const options = ["s", "m", "l"].map((value) => ({ value }));
const definition = readDefinition({
  items: [
    { field: "firstName" },
    { field: "lastName", required: true },
    { field: "email" },
    { field: "phone" },
    question("note", "long"),
    question("size", "choice", { options, required: true }),
    question("days", "choices", { options }),
    question("count", "number"),
    question("birthday", "date"),
    question("vegan", "yesno"),
    question("partner", "hidden", { parameter: "partner", required: true }),
  ],
  removed: [{ key: "height", kind: "number", required: true }],
});

const valid: Record<string, string | string[]> = {
  firstName: "Анна",
  lastName: "Орлова",
  email: "anna@example.com",
  phone: "+79123456789",
  password: "correct horse battery",
  consent: "on",
  q_size: "m",
};

function send(typed: Record<string, string | string[]>) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...valid, ...typed }))
    for (const each of [value].flat()) form.append(name, each);
  const { schema, ...asked } = formSchema(definition);
  const data = withoutGuard(form, asked);
  const parsed = schema.safeParse(formValues(data));
  return { parsed, reply: formReply(data, parsed.error, ["password"]) };
}

const problemsOf = (typed: Record<string, string | string[]>) => {
  const { form, fields } = send(typed).reply;
  return form.length > 0 ? { "": form, ...fields } : fields;
};
const answersOf = (typed: Record<string, string | string[]>) => {
  const { parsed, reply } = send(typed);
  return parsed.success ? parsed.data.answers : reply.fields;
};

test("answers are read by the form's own questions, each in the form in which it is stored", () => {
  expect(
    answersOf({
      q_note: " первая\r\nвторая ",
      q_days: ["l", "s", "l"],
      q_count: "1 200,50",
      q_birthday: "29.02.2024",
      q_vegan: "no",
      q_partner: " Anna ",
    }),
  ).toEqual({
    note: "первая\nвторая",
    size: "m",
    days: ["s", "l"],
    count: "1200.5",
    birthday: "2024-02-29",
    vegan: "no",
    partner: "Anna",
  });
  expect(answersOf({ q_count: "١٢٫٥", q_days: "m" })).toEqual({ size: "m", count: "12.5", days: ["m"] });
});

test("what was not answered is left out, and a text of digits stays a text", () => {
  expect(answersOf({ q_note: "  ", q_days: "", q_count: "", q_birthday: "", q_vegan: "" })).toEqual({ size: "m" });
  expect(answersOf({ q_note: "007" })).toEqual({ size: "m", note: "007" });
});

const refused: [string, Record<string, string | string[]>, Record<string, string[]>][] = [
  ["no answer to a mandatory question", { q_size: "" }, { q_size: ["required"] }],
  ["an option that is not offered", { q_size: "xl" }, { q_size: ["option"] }],
  ["one of several that is not offered", { q_days: ["s", "toString"] }, { q_days: ["option"] }],
  ["a repeated field", { q_size: ["s", "m"] }, { q_size: ["invalid"] }],
  ["more choices than there are", { q_days: ["s", "m", "l", "a"] }, { q_days: ["option"] }],
  ["a number too large to keep", { q_count: "1e999" }, { q_count: ["number"] }],
  ["a number with two meanings", { q_count: "12,500" }, { q_count: ["number"] }],
  ["a day that does not exist", { q_birthday: "2026-02-31" }, { q_birthday: ["date"] }],
  ["a text with NUL", { q_note: "a\u0000b" }, { q_note: ["characters"] }],
  ["a text that is too long", { q_note: "я".repeat(5_001) }, { q_note: ["too_long"] }],
  ["a field of the person that this form demands", { lastName: " " }, { lastName: ["required"] }],
  ["neither yes nor no", { q_vegan: "maybe" }, { q_vegan: ["option"] }],
];
for (const [what, typed, problems] of refused)
  test(`refused beside the field, with everything kept: ${what}`, () => {
    expect(problemsOf(typed)).toEqual(problems);
    const { values, lists } = send(typed).reply;
    expect(values.email).toBe(valid.email);
    expect(values.password).toBeUndefined();
    for (const [name, value] of Object.entries(typed)) expect(lists[name] ?? values[name]).toEqual(value);
  });

test("a parameter of the address refuses nobody", () => {
  for (const value of ["a\u0000b", "x".repeat(501), "\u202e"])
    expect(answersOf({ q_partner: value })).toEqual({ size: "m" });
  expect(answersOf({ q_partner: "$result[x]" })).toEqual({ size: "m", partner: "$result[x]" });
});

test("an answer to a question that was removed meanwhile is kept if it can be, and refuses nobody", () => {
  expect(answersOf({ q_height: "180" })).toEqual({ size: "m", height: "180" });
  for (const height of ["tall", ["1", "2"], ""]) expect(answersOf({ q_height: height })).toEqual({ size: "m" });
});

test("an answer to a question that this form never asked is dropped and refuses nobody", () => {
  expect(answersOf({ q_unknown: "yes", q_vegan: "yes" })).toEqual({ size: "m", vegan: "yes" });
});

test("a field that the form has left out since is not stored, whatever it says", () => {
  expect(send({ company: "x".repeat(900) }).parsed.success).toBe(true);
  expect(send({ company: "ООО" }).parsed.data?.input.company).toBeUndefined();
});

test("a name that no question can have is refused", () => {
  for (const name of ["q_Size", "q_size[0]", "q_size.x", "q_", "_proto_", `q_${"a".repeat(41)}`])
    expect(problemsOf({ [name]: "1" })).toEqual({ "": ["unknown_field"] });
});
