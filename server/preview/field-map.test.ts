import fc from "fast-check";
import { expect, test } from "vitest";
import { selectReady } from "../crm/select-ready";
import { type FieldRule, fieldSources, readFieldMap, writeFieldMap } from "../platform/field-map";
import { erasePerson } from "../privacy/erase";
import type { Job } from "../queue/queue";
import { newestChange, plannedChanges, saveSettings } from "../settings/change";
import { type CrmHarness, findFaults, startCrm, syncAll } from "../test/crm";
import { admin } from "../test/factories";
import { propertySeed } from "../test/property";
import { everyUserField } from "../test/user-fields";
import { previewRegistration } from "./preview";
import { reviewSettings } from "./review";

const items = [
  { id: 41, value: "vk" },
  { id: 42, value: "Да" },
];
const userFields = (record: string) => everyUserField(record, items);
const portal = { limits: { bucket: 0 }, userFields: { contact: userFields("CONTACT"), deal: userFields("DEAL") } };

const start = (env: Record<string, string> = {}) => startCrm({ env, portal });

const review = async (crm: CrmHarness, fields: string) =>
  reviewSettings(crm.services, {
    group: "fields",
    texts: { fields },
    changes: await plannedChanges(crm.services, { fields }),
    locale: "en",
  });

const save = async (crm: CrmHarness, fields: string) =>
  saveSettings(crm.services, { actor: admin, texts: { fields }, seen: await newestChange(crm.services) });

type Plain = Record<string, unknown>;
const recordsOf = ({ portal: { contacts, deals } }: CrmHarness, userId: number) => ({
  contact: [...contacts.values()].find(({ originId }) => originId === `user-${userId}`) as unknown as Plain,
  deal: [...deals.values()].find(({ originId }) => originId === `user-${userId}`) as unknown as Plain,
});

const sourceNames = Object.keys(fieldSources);
const odd = fc.constantFrom(
  "$result[deal][ID]",
  "$NEXT",
  "{name}",
  "a,b=c",
  "[b]x[/b]",
  "42",
  "-7",
  "3,5",
  "vk",
  "да",
  "2026-05-06",
  "https://x.example/?a=1&b=2",
  "Ж😀",
  "x".repeat(300),
);
const anyRule: fc.Arbitrary<FieldRule> = fc
  .record({
    left: fc.oneof(
      fc.constantFrom(...sourceNames).map((source) => ({ source })),
      fc.oneof(odd, fc.string({ minLength: 1, maxLength: 30 })).map((constant) => ({ source: "text", constant })),
    ),
    right: fc.oneof(
      ...(["contact", "deal"] as const).map((entity) =>
        fc.constantFrom(...userFields(entity.toUpperCase())).map(({ name }) => ({ entity, field: name })),
      ),
    ),
  })
  .map(({ left, right }) => ({ ...left, ...right }));

test("a map survives its text, whatever its constants are", () => {
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 8 }), (rules) => {
      expect(readFieldMap(writeFieldMap(rules))).toEqual(rules);
    }),
    { seed: propertySeed, numRuns: 200 },
  );
});

test("whatever goes to whatever field: what is accepted arrives as the preview says, and nothing acts as a macro", async () => {
  const crm = await start();
  let filled = 0;
  const runs = 15;
  // In each run, so that odd texts of visitors go to fields of both records whatever the seed.
  const always: FieldRule[] = [
    { source: "utm_campaign", entity: "deal", field: "UF_CRM_DEAL_STRING" },
    { source: "gclid", entity: "contact", field: "UF_CRM_CONTACT_STRING_MANY" },
  ];
  const values = fc.record({ source: odd, campaign: odd, gclid: odd, landing: odd });
  const run = async (
    rules: FieldRule[],
    value: { source: string; campaign: string; gclid: string; landing: string },
  ) => {
    // Only what the check lets through can be saved; a refusal has words.
    const accepted: FieldRule[] = [];
    for (const rule of [...always, ...rules]) {
      const { problems, silent } = await review(crm, writeFieldMap([...accepted, rule]));
      expect(silent).toBe(false);
      if (problems.fields === undefined) accepted.push(rule);
      else expect(problems.fields.length).toBeGreaterThan(10);
    }
    await save(crm, writeFieldMap(accepted));
    filled += accepted.length;
    const touch = {
      utm_source: value.source,
      utm_campaign: value.campaign,
      gclid: value.gclid,
      landing: value.landing,
    };
    const userId = await crm.register({
      firstName: value.campaign.slice(0, 40),
      utm: { ...touch, at: "2026-03-04T05:06:07.000Z" },
    });
    const [ready] = (await selectReady(crm.services, [{ id: "preview", userId, priority: 0 } as Job])).go;
    if (!ready) throw new Error("the registration is not ready");
    const expected = await previewRegistration(crm.services, { env: crm.services.env, person: ready.person });
    await syncAll(crm);
    const records = recordsOf(crm, userId);
    for (const entity of ["contact", "deal"] as const)
      for (const { name, value: shown } of expected[entity].filter((field) => field.name.startsWith("ufCrm"))) {
        const stored = records[entity]?.[name];
        expect([stored].flat().map(asShown).join(", "), `${entity}.${name}`).toBe(asShown(shown));
      }
  };
  await fc.assert(fc.asyncProperty(fc.array(anyRule, { minLength: 1, maxLength: 5 }), values, run), {
    seed: propertySeed,
    numRuns: runs,
    endOnFailure: true,
  });
  expect(await findFaults(crm)).toEqual([]);
  // Of the other rules many are refused, as many as the seed has it.
  expect(filled).toBeGreaterThanOrEqual(runs * always.length);
});

/** The stand-in stores flags as booleans, moments in its own zone, and texts without the emoji of another plane. */
function asShown(value: unknown): string {
  if (value === true) return "Y";
  if (value === false) return "N";
  const text = String(value);
  return /^\d{4}-\d{2}-\d{2}T/.test(text) ? new Date(text).toISOString() : text;
}

for (const [map, words] of [
  ["gclid=deal.ufCrm_NONE", "has no field ufCrm_NONE"],
  ["gclid=deal.title", "fill"],
  ["email=contact.name", "fill"],
  ["gclid=deal.UF_CRM_DEAL_STRING, yclid=deal.UF_CRM_DEAL_STRING", "chosen twice"],
  ["company=deal.UF_CRM_DEAL_INTEGER", "does not fit"],
  ["registered_at=deal.UF_CRM_DEAL_BOOLEAN", "does not fit"],
  ["text:maybe=deal.UF_CRM_DEAL_BOOLEAN", "does not fit"],
  ["text:other=deal.UF_CRM_DEAL_ENUMERATION", "does not fit"],
  ["text:%24result=deal.UF_CRM_DEAL_STRING", "as a command"],
  ["text:5=deal.companyId", "cannot be filled"],
] as const)
  test(`an unfit combination is refused in words: ${map}`, async () => {
    expect((await review(await start(), map)).problems.fields).toContain(words);
  });

test("values of every kind arrive in fields of their kind, and constants too", async () => {
  const crm = await start({ TIME_ZONE: "Asia/Vladivostok" });
  await save(
    crm,
    "user_id=deal.UF_CRM_DEAL_INTEGER, registered_at=deal.UF_CRM_DEAL_DATE, user_link=deal.UF_CRM_DEAL_URL, utm_source=deal.UF_CRM_DEAL_ENUMERATION, text:да=deal.UF_CRM_DEAL_BOOLEAN, first_utm_source=contact.UF_CRM_CONTACT_STRING, email=contact.UF_CRM_CONTACT_STRING_MANY, text:Spring%2C%20sale=contact.post",
  );
  const id = await crm.register({ utm: { utm_source: "VK" } });
  const at = new Date("2026-05-06T20:00:00Z");
  await crm.services.db.user.update({ where: { id }, data: { createdAt: at } });
  crm.newWorker().start();
  await expect
    .poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id } })).crmState)
    .toBe("SYNCED");
  const { contact, deal } = recordsOf(crm, id);
  const { email } = await crm.services.db.user.findUniqueOrThrow({ where: { id } });
  expect(deal).toMatchObject({
    ufCrmDealInteger: id,
    ufCrmDealUrl: `http://localhost:3000/admin/users/${id}`,
    ufCrmDealEnumeration: 41,
    ufCrmDealBoolean: "Y",
    ufCrmDealDate: "2026-05-07",
  });
  expect(contact).toMatchObject({ ufCrmContactString: "VK", ufCrmContactStringMany: [email], post: "Spring, sale" });
});

test("a person's erasure clears the fields that the settings fill, also those of an earlier map", async () => {
  const crm = await start();
  crm.newWorker().start();
  await save(crm, "email=contact.UF_CRM_CONTACT_STRING, phone=deal.UF_CRM_DEAL_STRING_MANY");
  const id = await crm.register({ email: "erase@me.example" });
  await expect
    .poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id } })).crmState)
    .toBe("SYNCED");
  expect(recordsOf(crm, id).contact).toMatchObject({ ufCrmContactString: "erase@me.example" });
  await save(crm, "");
  await erasePerson(crm.services, { actor: admin, userId: id, cause: "self" });
  await expect
    .poll(async () => (await crm.services.db.erasure.findUniqueOrThrow({ where: { userId: id } })).state)
    .toBe("done");
  expect(recordsOf(crm, id).contact.ufCrmContactString ?? "").toBe("");
  expect(recordsOf(crm, id).deal.ufCrmDealStringMany ?? []).toEqual([]);
});
