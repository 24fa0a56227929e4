import { expect, test } from "vitest";
import { readDefinition } from "~server/forms/read-definition";
import { type ShownItem, shownForm } from "~server/forms/shown-form";
import { formSchema } from "~server/registration/form-schema";
import { registrationProblems as problemsIn } from "./registration-check";

const definition = readDefinition({});
const { items } = shownForm(definition, "en");
const registrationProblems = (values: Record<string, unknown>, consents: Parameters<typeof problemsIn>[2] = []) =>
  problemsIn(values, items, consents);

const valid = {
  firstName: "Анна",
  lastName: "",
  email: "anna@example.com",
  phone: "8 (912) 345-67-89",
  password: "correct horse",
  consent: "on",
};

test("a good form has no problems", () => {
  expect(registrationProblems(valid)).toEqual({});
});

test("an empty form has one for every required field", () => {
  expect(registrationProblems({})).toEqual({
    firstName: ["required"],
    email: ["required"],
    phone: ["required"],
    password: ["required"],
    consent: ["consent"],
  });
});

test("further consents have to be given where they are required, each by its own box", () => {
  const consents = [
    { field: "consent-rules", required: true },
    { field: "consent-news", required: false },
  ];
  expect(registrationProblems(valid, consents)).toEqual({ "consent-rules": ["consent"] });
  expect(registrationProblems({ ...valid, "consent-news": "on" }, consents)).toEqual({ "consent-rules": ["consent"] });
  expect(registrationProblems({ ...valid, "consent-rules": "on" }, consents)).toEqual({});
});

const changes: Record<string, unknown>[] = [
  { firstName: " я " },
  { firstName: "я".repeat(100) },
  { firstName: "я".repeat(101) },
  { lastName: "я".repeat(101) },
  { email: " A+b.c@Sub.Example.CO " },
  { firstName: "\u200b" },
  { firstName: `${"я".repeat(100)}\u200b\u00ad` },
  { lastName: "-" },
  { company: "я".repeat(201) },
  { email: "\u202aiван@почта.рф\u202c\t" },
  { email: "＜anna＠example．com＞" },
  { email: "mailto:<anna@example.com>;" },
  { phone: "\u202atel:+7 916 555-44-33;ext=12\u202c" },
  { phone: `+7 916 555-44-33${"\u200b".repeat(40)}` },
  { email: "anna@localhost" },
  { email: "anna" },
  { phone: "+1 (202) 555-0123" },
  { phone: "８９１２３４５６７８９" },
  { phone: "12345" },
  { phone: "1".repeat(41) },
  { phone: "1".repeat(201) },
  { phone: "https://api.whatsapp.com/send?phone=79165554433&text=1" },
  { password: "12345678" },
  { password: "1234567" },
  { password: "x".repeat(201) },
  { password: "🐘🐎🐄🐖k7!pQzw-".repeat(14) },
  { consent: "yes" },
];

for (const change of changes) {
  test(`what the browser refuses the server refuses for the same reason: ${JSON.stringify(change).slice(0, 50)}`, () => {
    const typed = { ...valid, ...change };
    const parsed = formSchema(definition).schema.safeParse(typed);
    const refused = parsed.error?.issues.map((issue) => [issue.path.join("."), issue.message]) ?? [];
    for (const [field, [code]] of Object.entries(registrationProblems(typed)))
      expect(refused).toContainEqual([field, code]);
  });
}

test("what this form demands beyond the usual is missed in the browser as on the server", () => {
  const question = (key: string, kind: string, more: object = {}) => ({ question: { key, kind, ...more } });
  const definition = readDefinition({
    items: [
      { field: "lastName", required: true },
      question("why", "text", { required: true }),
      question("days", "choices", { required: true, options: [{ value: "mon" }] }),
      question("partner", "hidden", { required: true, parameter: "p" }),
      question("note", "long"),
    ],
  });
  const shown: ShownItem[] = shownForm(definition, "ru").items;
  const missed = { lastName: ["required"], q_why: ["required"], q_days: ["required"] };
  expect(problemsIn({ ...valid, lastName: " ", q_why: " \u200b" }, shown)).toEqual(missed);
  const parsed = formSchema(definition).schema.safeParse({ ...valid, lastName: " ", q_why: " \u200b" });
  expect(
    Object.fromEntries(parsed.error?.issues.map(({ path, message }) => [path.join("."), [message]]) ?? []),
  ).toEqual(missed);
  expect(problemsIn({ ...valid, lastName: "Орлова", q_why: "Так", q_days: "mon" }, shown)).toEqual({});
});
