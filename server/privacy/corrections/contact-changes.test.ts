import { expect, test } from "vitest";
import type { CorrectableContact } from "../../bitrix24/correctable";
import type { StoredPerson } from "../../person/fields";
import { contactChanges } from "./contact-changes";

/** What an earlier release has sent whole, and the portal has cut to the length of its fields. */

const person: StoredPerson = {
  firstName: "Anna",
  lastName: null,
  company: null,
  email: "anna@example.com",
  phone: "+79251234567",
  phoneExtension: null,
};
const longEmail = `p@${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.example`;

const stored = (contact: { name?: string; email?: string }) =>
  ({
    ...{ id: 1, name: person.firstName, lastName: "", ...contact },
    fields: contact.email ? [{ id: 11, typeId: "EMAIL", valueType: "WORK", value: contact.email }] : [],
  }) as unknown as CorrectableContact;

const longName = `🌸 ${"Антуанетта ".repeat(6)}`.trim();
const letters = longName.slice("🌸 ".length);

for (const [by, name] of [
  ["keeps emoji", [...longName].slice(0, 50).join("")],
  ["refuses emoji", letters.slice(0, 50)],
] as const)
  test(`a long name as a portal that ${by} has cut it gives way to the present one`, () => {
    const change = { userId: 1, told: [{ ...person, firstName: longName }], leftOut: [], sharedWith: [] };
    const changes = contactChanges(stored({ name }), { ...change, now: person });
    expect(changes).toMatchObject({ fields: { name: person.firstName }, disputed: [] });
  });

test("a cut e-mail gives way to the present one, and goes where the present one has no room either", () => {
  const contact = stored({ email: longEmail.slice(0, 250) });
  const change = { userId: 1, told: [{ ...person, email: longEmail }], leftOut: [], sharedWith: [] };
  const entry = { typeId: "EMAIL", valueType: "WORK" };
  const { fields } = contactChanges(contact, { ...change, now: person });
  expect(fields).toEqual({ fm: { 11: { ...entry, value: person.email } } });
  const long = contactChanges(contact, { ...change, now: { ...person, email: `q${longEmail.slice(1)}` } });
  expect(long).toMatchObject({ fields: { fm: { 11: { ...entry, value: "" } } } });
});
