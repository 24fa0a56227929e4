import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { hashPassword } from "../auth/password";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { makeAdmin } from "../test/factories";
import { type ProgramRegistration, registerByProgram } from "./register-by-program";

let crm: CrmHarness;
let admin: Actor;

beforeAll(async () => {
  crm = await createCrmHarness();
  admin = await makeAdmin(crm.services.db);
});
afterAll(() => crm.close());

const person = (email: string, more: Partial<ProgramRegistration> = {}): ProgramRegistration => ({
  firstName: "Анна",
  email,
  phone: "8 (916) 123-45-67",
  consent: true,
  ...more,
});
const register = (key: string, input: ProgramRegistration) =>
  registerByProgram(crm.services, { actor: admin, key, input });
const code = (call: Promise<unknown>) =>
  call.then(
    () => "OK",
    (error: { code?: string }) => error.code,
  );
const newKey = () => crypto.randomUUID();

test.each<[string, Partial<ProgramRegistration>, Partial<ProgramRegistration>]>([
  ["№ and No", { company: "Школа № 5" }, { company: "Школа No 5" }],
  ["a ligature and its letters", { lastName: "Griﬃn" }, { lastName: "Griffin" }],
  ["digits of another width", { company: "Студия １２" }, { company: "Студия 12" }],
  ["digits above the line", { utm: { last: { utm_campaign: "m²" } } }, { utm: { last: { utm_campaign: "m2" } } }],
  ["a click id of other letters", { utm: { last: { gclid: "ﬁ1" } } }, { utm: { last: { gclid: "fi1" } } }],
  ["quotation marks of another width", { company: "＂Ромашка＂" }, { company: '"Ромашка"' }],
])("bodies that differ in %s are two requests", async (_, before, after) => {
  const key = newKey();
  const email = `${key}@example.com`;
  await register(key, person(email, before));
  expect(await code(register(key, person(email, after)))).toBe("KEY_REUSED");
  expect(await code(register(key, person(email, before)))).toBe("OK");
});

test("a click id that is not stored is no repetition of one that is", async () => {
  const key = newKey();
  const visit = (gclid: string) => person("click@example.com", { utm: { last: { gclid } } });
  await register(key, visit("e\u0301"));
  expect(await code(register(key, visit("\u00e9")))).toBe("KEY_REUSED");
});

test("bodies of which the same is stored are one request", async () => {
  const key = newKey();
  const spelt = (firstName: string, password: string) => person("composed@example.com", { firstName, password });
  const first = await register(key, spelt("Сергей", "correct ﬁve horses"));
  expect(await register(key, spelt("Серге\u0438\u0306", "correct five horses"))).toEqual(first);
});

test("a key of an earlier release goes on working", async () => {
  const key = newKey();
  const input = person("earlier@example.com", { company: "＂Школа＂ № 5", password: "correct ﬁve ＂horses＂" });
  const first = await register(key, input);
  const sorted = Object.fromEntries(Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1)));
  await crm.services.db.registrationKey.updateMany({
    where: { userId: first.userId },
    data: { bodyHash: await hashPassword(JSON.stringify(sorted)), isExact: false },
  });
  expect(await register(key, input)).toEqual(first);
  expect(await code(register(key, { ...input, firstName: "Ольга" }))).toBe("KEY_REUSED");
});
