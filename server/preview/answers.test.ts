import fc from "fast-check";
import { expect, test } from "vitest";
import type { Prisma } from "../../prisma/generated/client";
import { selectReady } from "../crm/select-ready";
import { checkAnswers } from "../forms/answers";
import { questionsOf } from "../forms/questions";
import { readDefinition } from "../forms/read-definition";
import type { Job } from "../queue/queue";
import { newestChange, plannedChanges, saveSettings } from "../settings/change";
import { type CrmHarness, findFaults, startCrm } from "../test/crm";
import { admin } from "../test/factories";
import { propertySeed } from "../test/property";
import { everyUserField, userFieldTypes } from "../test/user-fields";
import { previewRegistration } from "./preview";
import { reviewSettings } from "./review";

const words = (en: string, ru: string) => ({ en, ru });
const options = [
  { value: "s", label: words("Small", "Маленький") },
  { value: "l", label: words("Large", "Большой") },
];
const ask = (key: string, kind: string, more: object = {}) => ({
  question: { key, kind, label: words(`En ${key}`, `Ру ${key}`), ...more },
});
const definition = readDefinition({
  items: [
    ask("word", "text"),
    ask("story", "long"),
    ask("size", "choice", { options }),
    ask("sizes", "choices", { options }),
    ask("guests", "number"),
    ask("day", "date"),
    ask("vegan", "yesno"),
    ask("partner", "hidden", { parameter: "partner" }),
  ],
});
const questions = questionsOf(definition.items);
const keys = questions.map(({ key }) => key);

const items = [
  { id: 41, value: "Большой" },
  { id: 42, value: "small" },
  { id: 43, value: "Да" },
];
const types = userFieldTypes.filter((type) => type !== "url");
const userFields = (record: string) => everyUserField(record, items, types);

async function start(env: Record<string, string> = {}): Promise<CrmHarness> {
  const crm = await startCrm({
    env,
    portal: { limits: { bucket: 0 }, userFields: { contact: userFields("CONTACT"), deal: userFields("DEAL") } },
  });
  const { db, forms } = crm.services;
  await db.form.update({ where: { id: 1 }, data: { definition: definition as unknown as Prisma.InputJsonObject } });
  await forms.reload();
  return crm;
}

async function register(crm: CrmHarness, answers: Prisma.InputJsonObject, more: { phone?: string } = {}) {
  const userId = await crm.register(more);
  await crm.services.db.user.update({ where: { id: userId }, data: { answers } });
  return userId;
}

async function arrived(crm: CrmHarness, userId: number) {
  const worker = crm.newWorker();
  worker.start();
  await expect
    .poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id: userId } })).crmState)
    .toBe("SYNCED");
  await worker.stop();
  const ours = ({ originId }: { originId: string | null }) => originId === `user-${userId}`;
  return {
    contact: [...crm.portal.contacts.values()].find(ours) as unknown as Record<string, unknown>,
    deal: [...crm.portal.deals.values()].find(ours) as unknown as Record<string, unknown>,
  };
}

const review = async (crm: CrmHarness, texts: Record<string, string>, group: "fields" | "deal" = "fields") =>
  reviewSettings(crm.services, { group, texts, changes: await plannedChanges(crm.services, texts), locale: "en" });
const save = async (crm: CrmHarness, fields: string) =>
  saveSettings(crm.services, {
    actor: admin,
    texts: { fields },
    seen: await newestChange(crm.services),
  });

test("answers without a field stand in the deal's comment, in the words of the form and without markup", async () => {
  const crm = await start();
  const userId = await register(crm, {
    size: "l",
    sizes: ["s", "l"],
    story: "one\nПочта: other@example.com [url=https://x.example]click[/url]",
    vegan: "no",
    gone: "kept",
  });
  const { deal } = await arrived(crm, userId);
  expect(deal.comments).toBe(
    [
      "Ру story: one / Почта: other@example.com (url=https://x.example)click(/url)",
      "Ру size: Большой",
      "Ру sizes: Маленький, Большой",
      "Ру vegan: Нет",
      "gone: kept",
    ].join("\n"),
  );
});

test("answers go to fields of every kind that can hold them, and those that do not fit to the comment", async () => {
  const map = [
    "answer.size=deal.UF_CRM_DEAL_ENUMERATION",
    "answer.sizes=deal.UF_CRM_DEAL_ENUMERATION_MANY",
    "answer.guests=deal.UF_CRM_DEAL_DOUBLE",
    "answer.day=deal.UF_CRM_DEAL_DATE",
    "answer.vegan=deal.UF_CRM_DEAL_BOOLEAN",
    "answer.partner=contact.UF_CRM_CONTACT_STRING",
    "answer.word=deal.UF_CRM_DEAL_ENUMERATION_MANY",
  ].join(", ");
  const crm = await start({ BITRIX24_MARK_FIELDS: map, BITRIX24_DEAL_TITLE: "{name} {answer.size} / {answer.word}" });
  const answers = { size: "s", sizes: ["s", "l"], guests: "1.5", day: "2027-01-31", vegan: "yes", partner: "Ольга" };
  const { contact, deal } = await arrived(crm, await register(crm, { ...answers, word: "no such entry" }));
  expect(deal).toMatchObject({
    ufCrmDealEnumeration: 42,
    ufCrmDealEnumerationMany: [42, 41],
    ufCrmDealDouble: 1.5,
    ufCrmDealBoolean: "Y",
    comments: "Ру word: no such entry",
    title: expect.stringContaining("Маленький / no such entry"),
  });
  expect(String(deal.ufCrmDealDate)).toContain("2027-01-31");
  expect(contact.ufCrmContactString).toBe("Ольга");
});

test("an answer for a contact that was there before stands in the comment, since that contact is not changed", async () => {
  const crm = await start({ BITRIX24_MARK_FIELDS: "answer.word=contact.UF_CRM_CONTACT_STRING" });
  await arrived(crm, await register(crm, { word: "first" }, { phone: "+79990001122" }));
  const { deal } = await arrived(crm, await register(crm, { word: "second" }, { phone: "+79990001122" }));
  expect(deal.comments).toContain("Ру word: second");
});

for (const [rule, problem] of [
  ["answer.word=deal.UF_CRM_DEAL_INTEGER", /does not fit this kind of field: answer\.word/],
  ["answer.sizes=deal.UF_CRM_DEAL_ENUMERATION", /does not fit/],
  ["answer.guests=deal.UF_CRM_DEAL_DATE", /does not fit/],
  ["answer.vegan=deal.UF_CRM_DEAL_MONEY", /does not fit/],
  ["answer.nowhere=deal.UF_CRM_DEAL_STRING", /No form has a question nowhere/],
] as const)
  test(`what an answer cannot fill is refused in words when it is saved: ${rule}`, async () => {
    const crm = await start();
    expect((await review(crm, { fields: rule })).problems.fields).toMatch(problem);
  });

test("a title with an answer to a question that no form has is refused, and the preview answers every question", async () => {
  const crm = await start();
  expect((await review(crm, { dealTitle: "{name} {answer.nowhere}" }, "deal")).problems.dealTitle).toMatch(/nowhere/);
  const { preview } = await review(crm, { fields: "answer.sizes=deal.UF_CRM_DEAL_STRING" });
  expect(preview?.deal).toContainEqual(expect.objectContaining({ value: "Small, Large" }));
  expect(preview?.deal.find(({ name }) => name === "comments")?.value).toContain("En day: 2026-01-31");
});

const odd = fc.constantFrom(
  "$result[deal][ID]",
  "$NEXT",
  "{name}",
  "[b]x[/b]",
  "42",
  "да",
  "Large",
  "x".repeat(300),
  "Ж",
);
const given = fc.record(
  {
    word: odd,
    story: odd.map((text) => `${text}\n${text}`),
    size: fc.constantFrom("s", "l"),
    sizes: fc.subarray(["s", "l"]),
    guests: fc.oneof(fc.integer().map(String), fc.constantFrom("0,5", "1 000", "-3")),
    day: fc.constantFrom("2024-02-29", "01.12.2026"),
    vegan: fc.constantFrom("yes", "no"),
    partner: odd,
  },
  { requiredKeys: [] },
);
const anyRule = fc.record({
  key: fc.constantFrom(...keys),
  target: fc.oneof(
    ...(["contact", "deal"] as const).map((entity) =>
      fc.constantFrom(...userFields(entity.toUpperCase())).map(({ name }) => `${entity}.${name}`),
    ),
  ),
});

test("whatever is answered and mapped: what arrives is what the preview says, and nothing acts as a macro", async () => {
  const crm = await start();
  const run = async (rules: { key: string; target: string }[], typed: Record<string, unknown>) => {
    const accepted: string[] = [];
    for (const { key, target } of rules) {
      const fields = [...accepted, `answer.${key}=${target}`].join(", ");
      const { problems } = await review(crm, { fields });
      if (problems.fields === undefined) accepted.push(`answer.${key}=${target}`);
    }
    await save(crm, accepted.join(", "));
    const { answers, problems } = checkAnswers(questions, typed, "visitor");
    expect(problems).toEqual({});
    const userId = await register(crm, answers);
    const [ready] = (await selectReady(crm.services, [{ id: "preview", userId, priority: 0 } as Job])).go;
    if (!ready) throw new Error("the registration is not ready");
    const expected = await previewRegistration(crm.services, { env: crm.services.env, person: ready.person });
    const records = await arrived(crm, userId);
    for (const entity of ["contact", "deal"] as const)
      for (const { name, value } of expected[entity]) {
        if (name !== "comments" && !name.startsWith("ufCrm")) continue;
        const stored = [records[entity]?.[name]].flat().map(asShown).join(", ");
        expect(stored, `${entity}.${name}`).toBe(asShown(value));
      }
    // Nothing that was answered is lost on the way.
    const filled = [...expected.contact, ...expected.deal].filter(({ name }) => name.startsWith("ufCrm"));
    for (const { key, label } of ready.person.answers ?? []) {
      const isMapped = accepted.some((rule) => rule.startsWith(`answer.${key}=`)) && filled.length > 0;
      expect(isMapped || String(records.deal.comments).includes(`${label}: `), key).toBe(true);
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(anyRule, { minLength: 1, maxLength: 5 }), given, run), {
    seed: propertySeed,
    numRuns: 12,
    endOnFailure: true,
  });
  expect(await findFaults(crm)).toEqual([]);
});

/** The stand-in stores flags as booleans. */
const asShown = (value: unknown): string => (value === true ? "Y" : value === false ? "N" : String(value));
