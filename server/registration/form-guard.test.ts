import { expect, test } from "vitest";
import { readDefinition } from "../forms/read-definition";
import { checkForm, stampForm, withoutGuard } from "./form-guard";
import { formSchema } from "./form-schema";
import { formReply, formValues } from "./sent-form";

const secrets = ["a".repeat(32), "b".repeat(32)];
const hour = 60 * 60 * 1_000;

function form(fields: Record<string, string | string[]>): FormData {
  const data = new FormData();
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) data.append(name, value);
  return data;
}

test("a form sent at once, or hours later, is good", () => {
  const sent = form({ website: "", _stamp: stampForm(secrets, 0) });
  expect(checkForm(secrets, sent, 0)).toBe("ok");
  expect(checkForm(secrets, sent, 12 * hour)).toBe("ok");
});

test("a form of a process whose clock is ahead, or of before a clock was set back, is good", () => {
  for (const ahead of [200, hour])
    expect(checkForm(secrets, form({ website: "", _stamp: stampForm(secrets, 5 * hour + ahead) }), 5 * hour)).toBe(
      "ok",
    );
});

test("a form from yesterday has to be sent again", () => {
  expect(checkForm(secrets, form({ website: "", _stamp: stampForm(secrets, 0) }), 12 * hour + 1)).toBe("stale");
});

test("a stamp signed with the secret before the rotation still counts", () => {
  expect(checkForm(secrets, form({ website: "", _stamp: stampForm(secrets.slice(1), 0) }), hour)).toBe("ok");
});

const bots: [name: string, fields: Record<string, string | string[]>][] = [
  ["fills the hidden field", { website: "https://spam.example", _stamp: stampForm(secrets) }],
  ["leaves the hidden field out", { _stamp: stampForm(secrets) }],
  ["sends the hidden field twice", { website: ["", ""], _stamp: stampForm(secrets) }],
  ["has no stamp", { website: "" }],
  ["makes its own stamp", { website: "", _stamp: `${Date.now().toString(36)}.${"x".repeat(43)}` }],
  ["signs with another secret", { website: "", _stamp: stampForm(["c".repeat(32)]) }],
  ["changes the time of a stamp", { website: "", _stamp: stampForm(secrets).replace(/^./, "z") }],
];

for (const [name, fields] of bots) {
  test(`a bot that ${name} is refused`, () => {
    expect(checkForm(secrets, form(fields))).toBe("spam");
  });
}

const asked = { fields: ["firstName", "email"] };

test("the guard's fields are no part of the data", () => {
  const data = withoutGuard(form({ website: "", _stamp: "x", _lang: "ru", email: "a@b.ru" }), asked);
  expect([...data]).toEqual([["email", "a@b.ru"]]);
});

// The form library would take each of these for a path or an order: a list of any length, or an error of ours.
for (const name of ["email[30000000]", "email.a", "__intent__", "__state__", "__proto__.a", "toString", ""]) {
  test(`a field named ${JSON.stringify(name)} is refused like any that was not asked for`, () => {
    const data = withoutGuard(form({ email: "a@b.ru", [name]: "{" }), asked);
    const { error } = formSchema(readDefinition({})).schema.safeParse(formValues(data));
    expect(formReply(data, error)).toMatchObject({
      form: ["unknown_field"],
      values: { email: "a@b.ru", unknown: "{" },
    });
  });
}

test("a field given thousands of times is known to be repeated, and no more", () => {
  const data = withoutGuard(form({ email: new Array(5_000).fill("a"), role: new Array(5_000).fill("b") }), asked);
  expect(data.getAll("email")).toEqual(["a", "a"]);
  expect([...data]).toHaveLength(4);
});
