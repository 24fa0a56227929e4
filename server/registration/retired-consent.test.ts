import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { newestConsentChange, retireConsent, saveConsent } from "../consents/change";
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

const register = (email: string, consents: ProgramRegistration["consents"]) =>
  registerByProgram(crm.services, {
    actor: admin,
    key: crypto.randomUUID(),
    input: { firstName: "Анна", email, phone: "8 (916) 123-45-67", consent: true, consents },
  });

test("a consent that the owner has retired stops no program that still sends it, and one that never was is named", async () => {
  const { services } = crm;
  const words = { en: "Label", ru: "Подпись" };
  const wording = { label: words, text: { en: ["Text"], ru: ["Текст"] } };
  const draft = { key: "ads", purpose: "advertising" as const, required: false, wording };
  const seen = () => newestConsentChange(services.db);
  await saveConsent(services, { actor: admin, seen: await seen(), isNew: true, draft });
  const consents = { ads: true };
  const kindsOf = async (userId: number) =>
    (await services.db.consent.findMany({ where: { userId }, orderBy: { kind: "asc" } })).map(({ kind }) => kind);
  const { userId } = await register("ads@example.com", consents);
  expect(await kindsOf(userId)).toEqual(["ads", "registration"]);

  await retireConsent(services, { actor: admin, seen: await seen(), key: "ads", retired: true });
  for (const [at, sent] of [consents, { ads: false }].entries()) {
    const late = await register(`late-ads-${at}@example.com`, sent);
    expect(await kindsOf(late.userId)).toEqual(["registration"]);
  }
  await expect(register("other-ads@example.com", { adverts: true })).rejects.toMatchObject({
    details: { issues: [{ path: ["consents", "adverts"], code: "unknown_field" }] },
  });
});
