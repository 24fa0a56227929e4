import { expect, test } from "vitest";
import { readDefinition } from "../forms/read-definition";
import { formSchema } from "./form-schema";
import { formReply, formValues } from "./sent-form";

const valid = {
  firstName: "Анна",
  lastName: "О'Нил",
  email: "anna@example.com",
  phone: "+79123456789",
  password: "correct horse",
  consent: "on",
};

/** The form of an installation that changed nothing. */
const { schema } = formSchema(readDefinition({}));
const parse = (sent: Record<string, unknown>) => schema.parse(sent).input;

/** Codes by field; a fault of the whole form stands under "". */
function codes(input: Record<string, unknown>) {
  const parsed = schema.safeParse(input);
  return parsed.success ? {} : Object.fromEntries(parsed.error.issues.map((i) => [i.path.join("."), i.message]));
}

test("everything is parsed into the form in which it is stored", () => {
  expect(parse({ ...valid, firstName: "  Анна ", lastName: " ", email: " Anna@Example.COM " })).toEqual({
    ...valid,
    lastName: undefined,
  });
});

test("the last name may be left out", () => {
  const { lastName: _, ...rest } = valid;
  expect(parse(rest)).not.toHaveProperty("lastName", expect.anything());
});

const spellings: [typed: string, stored: string][] = [
  ["8 (912) 345-67-89", "+79123456789"],
  ["912 345 67 89", "+79123456789"],
  ["+7-912-345-67-89", "+79123456789"],
  ["+375 29 123-45-67", "+375291234567"],
  ["+1 (202) 555-0123", "+12025550123"],
  ["８９１２３４５６７８９", "+79123456789"],
];

for (const [typed, stored] of spellings) {
  test(`the phone ${typed} is stored as ${stored}`, () => {
    expect(parse({ ...valid, phone: typed }).phone).toBe(stored);
  });
}

test("a phone's extension stands beside the number", () => {
  expect(parse({ ...valid, phone: "8 (495) 123-45-67 доб. 123" })).toMatchObject({
    phone: "+74951234567",
    phoneExtension: "123",
  });
  expect(codes({ ...valid, phoneExtension: "123" })).toEqual({ "": "unknown_field" });
});

test("what is pasted along is taken off, and an international domain has one spelling", () => {
  const pasted = { firstName: "\u200bАн\u00adна\t", lastName: "Серге\u0438\u0306", company: "\u2068Ромашка\u2069" };
  expect(parse({ ...valid, ...pasted, email: "Иван@Почта.рф\t", phone: "\u202a8 912 345-67-89\u202c" })).toMatchObject({
    firstName: "Анна",
    lastName: "Сергей",
    company: "Ромашка",
    email: "иван@xn--80a1acny.xn--p1ai",
    phone: "+79123456789",
  });
});

test("a dash, or nothing that is seen, means that an optional field is left out", () => {
  for (const text of ["-", "—", "\u200b", "\u2800", " . "])
    expect(parse({ ...valid, lastName: text, company: text })).toMatchObject({
      lastName: undefined,
      company: undefined,
    });
});

test("a name may hold a number or an identifier, as tests and programs make them", () => {
  for (const name of ["Test1795758578123", "User-1234567", "Anna 3f2504e0-4f89-41d3-9a0c-030589161234"])
    expect(parse({ ...valid, firstName: name, lastName: name })).toMatchObject({ firstName: name, lastName: name });
});

test("a password keeps its spaces and any script", () => {
  expect(parse({ ...valid, password: "  пароль 🔑 " }).password).toBe("  пароль 🔑 ");
});

const refused: [name: string, change: Record<string, unknown>, expected: Record<string, string>][] = [
  [
    "nothing at all",
    { ...Object.fromEntries(Object.keys(valid).map((key) => [key, undefined])) },
    {
      firstName: "required",
      email: "required",
      phone: "required",
      password: "required",
      consent: "consent",
    },
  ],
  ["a name of spaces", { firstName: "   " }, { firstName: "required" }],
  ["a name of which nothing is seen", { firstName: "\u200b\u00ad\u2060\u3164" }, { firstName: "required" }],
  ["a name without a letter", { firstName: "---" }, { firstName: "required" }],
  ["a long company", { company: "я".repeat(201) }, { company: "too_long" }],
  ["a long name", { firstName: "я".repeat(101) }, { firstName: "too_long" }],
  ["a long last name", { lastName: "я".repeat(101) }, { lastName: "too_long" }],
  ["NUL in a name", { firstName: "A\0nna" }, { firstName: "characters" }],
  ["a line break in a name", { lastName: "a\r\nBcc: b" }, { lastName: "characters" }],
  ["text direction turned round", { firstName: "\u202eanna" }, { firstName: "characters" }],
  ["a wrong encoding", { firstName: "\ufffd\ufffd" }, { firstName: "characters" }],
  ["half a surrogate pair", { firstName: "a\ud800" }, { firstName: "characters" }],
  ["a file instead of a text", { firstName: new File([], "x") }, { firstName: "invalid" }],
  ["a field given twice", { email: ["a@b.ru", "c@d.ru"] }, { email: "invalid" }],
  ["no e-mail address", { email: "anna" }, { email: "email" }],
  ["two e-mail addresses", { email: "a@b.ru,c@d.ru" }, { email: "email" }],
  ["a domain without a dot", { email: "иван@почта" }, { email: "email" }],
  [
    "a domain that is too long once encoded",
    { email: `a@${"я".repeat(60)}.${"ю".repeat(60)}.${"э".repeat(60)}.рф` },
    { email: "email" },
  ],
  ["an endless e-mail address", { email: `${"a".repeat(250)}@b.ru` }, { email: "too_long" }],
  ["a word for a phone", { phone: "phone" }, { phone: "phone" }],
  ["a phone too short", { phone: "12345" }, { phone: "phone" }],
  ["a phone that cannot exist", { phone: "+7 000 000 00 00" }, { phone: "phone" }],
  ["a phone inside a text", { phone: "call +79123456789" }, { phone: "phone" }],
  ["an endless phone", { phone: "1".repeat(41) }, { phone: "too_long" }],
  ["a short password", { password: "1234567" }, { password: "password_short" }],
  ["a link for a name", { firstName: "Win at casino.com" }, { firstName: "no_links" }],
  ["an address for a last name", { lastName: "@spam_channel" }, { lastName: "no_links" }],
  ["a link for a company", { company: "https://spam.example" }, { company: "no_links" }],
  ["a common password", { password: "qwerty123" }, { password: "password_common" }],
  [
    "a common password beside another fault",
    { firstName: "", password: "11111111" },
    { firstName: "required", password: "password_common" },
  ],
  ["the e-mail address as password", { password: "anna@example.com" }, { password: "password_personal" }],
  ["a password given twice", { password: ["one password", "two passwords"] }, { password: "invalid" }],
  ["a long password", { password: "x".repeat(201) }, { password: "too_long" }],
  ["a consent that is not on", { consent: "yes" }, { consent: "consent" }],
  ["an unknown field", { role: "ADMIN" }, { "": "unknown_field" }],
];

for (const [name, change, expected] of refused) {
  test(`refused: ${name}`, () => {
    expect(codes({ ...valid, ...change })).toEqual(expected);
  });
}

test("the form library gives a blank field the code of a missing one, and leaves an optional one out", () => {
  for (const blank of ["", "   ", "\u200b"]) {
    const form = new FormData();
    for (const [name, value] of Object.entries({
      ...valid,
      firstName: blank,
      lastName: blank,
      email: blank,
      phone: blank,
    }))
      form.append(name, value);
    expect(formReply(form, schema.safeParse(formValues(form)).error).fields).toEqual({
      firstName: ["required"],
      email: ["required"],
      phone: ["required"],
    });
  }
});
