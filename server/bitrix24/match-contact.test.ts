import fc from "fast-check";
import { expect, test } from "vitest";
import { communicationKey } from "../../e2e/portal/crm/communications";
import { propertySeed } from "../test/property";
import { chooseContact, type PortalContact, phoneKey, phoneSpellings, sameEmail, samePhone } from "./match-contact";

const keys: [phone: string, key: string][] = [
  ["+7 (999) 123-45-67", "79991234567"],
  ["8 999 123 45 67", "79991234567"],
  ["79991234567", "79991234567"],
  ["0079991234567", "79991234567"],
  ["01179991234567", "79991234567"],
  ["9991234567", "9991234567"],
  ["09991234567", "9991234567"],
  ["+86 138 0013 8000", "8613800138000"],
  ["+8 999 123 45 67", "89991234567"],
  ["80991234567", "80991234567"],
  ["81991234567", "81991234567"],
  ["82991234567", "82991234567"],
  ["83991234567", "73991234567"],
  ["8-800", "8800"],
  ["123456789", "123456789"],
  ["+7 999 123-45-67 ; 12", "79991234567"],
  ["+7 999 123-45-67, 12", "79991234567"],
  ["+7 999 123-45-67#12", "79991234567"],
  ["+8 999 123*45", "8999123*45"],
  ["call me", ""],
  ["", ""],
];

for (const [phone, key] of keys)
  test(`the portal's key of ${JSON.stringify(phone)} is ${JSON.stringify(key)}`, () => {
    expect(phoneKey(phone)).toBe(key);
  });

test("the key is the stand-in's for whatever people may have typed", () => {
  const typed = fc.string({ unit: fc.constantFrom(..."0123456789+-() ;,#*x".split("")), maxLength: 20 });
  const isSame = (phone: string) => phoneKey(phone) === communicationKey("PHONE", phone);
  fc.assert(fc.property(typed, isSame), { numRuns: 20_000, seed: propertySeed });
});

test("a number is looked for as it is and without its country's code", () => {
  expect(phoneSpellings("+79991234567")).toEqual(["+79991234567", "9991234567"]);
  expect(phoneSpellings("+4915112345678")).toEqual(["+4915112345678", "15112345678"]);
  expect(phoneSpellings("+1")).toEqual(["+1"]);
});

test.each([
  ["Belarus", "+375294911911", "8 029 491-19-11"],
  ["Hungary", "+36301234567", "06 30 123 4567"],
  ["Turkmenistan", "+99366123456", "8 66 123456"],
  ["Lithuania", "+37061234567", "0 612 34567"],
  ["Ukraine", "+380501234567", "050 123-45-67"],
  ["Kazakhstan", "+77011234567", "8 (701) 123 45 67"],
  ["Germany, with few digits", "+493012345", "030 12345"],
  ["Great Britain", "+447911123456", "07911 123456"],
])("a number of %s is looked for as it is dialled there", (_country, e164, dialled) => {
  const keys = phoneSpellings(e164).map((spelling) => communicationKey("PHONE", spelling));
  expect(keys).toContain(communicationKey("PHONE", dialled));
  expect(new Set(keys).size).toBe(keys.length);
  expect(samePhone(dialled, e164)).toBe(true);
});

test("a stored number fits in any usual spelling, and another number does not", () => {
  for (const stored of ["8 (999) 123-45-67", "+7 999 123 45 67", "9991234567", "7-999-123-45-67 # 5"])
    expect(samePhone(stored, "+79991234567"), stored).toBe(true);
  for (const stored of ["+7 999 123 45 68", "99912345678", "1234567", "", "-"])
    expect(samePhone(stored, "+79991234567"), stored).toBe(false);
});

test("addresses are compared without case and spaces round them", () => {
  expect(sameEmail(" Anna@Example.COM ", "anna@example.com")).toBe(true);
  expect(sameEmail("anna@example.com.ru", "anna@example.com")).toBe(false);
});

const contact = (id: number, emails: string[], phones: string[] = []): PortalContact => ({
  id,
  originatorId: "",
  originId: "",
  assignedById: null,
  name: "",
  lastName: "",
  emails,
  phones,
  categoryId: 0,
});
const anna = { email: "anna@example.com", phone: "+79991234567" };

test("a contact with the address comes before one with the number", () => {
  const contacts = [contact(1, [], ["8 999 123 45 67"]), contact(2, ["ANNA@example.com"])];
  expect(chooseContact(anna, contacts)).toMatchObject({ contact: { id: 2 }, by: "email", candidates: 1 });
});

test("of several contacts the oldest is taken, and how many there were is told", () => {
  const byEmail = [contact(9, [anna.email]), contact(3, ["x@y.z", anna.email]), contact(5, [anna.email])];
  expect(chooseContact(anna, byEmail)).toMatchObject({ contact: { id: 3 }, by: "email", candidates: 3 });
  const byPhone = [contact(8, [], [anna.phone]), contact(4, [], ["9991234567"])];
  expect(chooseContact(anna, byPhone)).toMatchObject({ contact: { id: 4 }, by: "phone", candidates: 2 });
});

test("a supplier is no customer, even if no customer fits", () => {
  const supplier = { ...contact(1, [anna.email], [anna.phone]), categoryId: 1 };
  expect(chooseContact(anna, [supplier])).toBeNull();
  const customer = contact(2, [], [anna.phone]);
  expect(chooseContact(anna, [supplier, customer])).toMatchObject({ contact: { id: 2 }, by: "phone", candidates: 1 });
});

test("what the portal found but does not fit is not taken", () => {
  expect(chooseContact(anna, [])).toBeNull();
  expect(chooseContact(anna, [contact(1, ["other@example.com"], ["+79991234568"])])).toBeNull();
});
