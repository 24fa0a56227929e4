import { expect, test } from "vitest";
import { newestConsentChange, retireConsent, saveConsent } from "../consents/change";
import { changeForm, storedForm } from "../forms/change";
import type { FormSettings } from "../forms/definition";
import { readFieldMap, sourceKindOf, writeFieldMap } from "../platform/field-map";
import { newestChange, plannedChanges, saveSettings } from "../settings/change";
import { type CrmHarness, startCrm } from "../test/crm";
import { admin } from "../test/factories";
import { reviewSettings } from "./review";
import { undoReviewed } from "./undo";
import { undoFormReviewed } from "./undo-form";

const portal = {
  limits: { bucket: 0 },
  userFields: {
    contact: [
      { name: "UF_CRM_ADS", type: "boolean" as const, multiple: false, title: "Advertising allowed" },
      { name: "UF_CRM_NEWS", type: "boolean" as const, multiple: false, title: "News allowed" },
    ],
    deal: [
      { name: "UF_CRM_VERSION", type: "string" as const, multiple: false, title: "Wording" },
      { name: "UF_CRM_AT", type: "date" as const, multiple: false, title: "When" },
    ],
  },
};
const map =
  "consent.ads=contact.UF_CRM_ADS, consent.news=contact.UF_CRM_NEWS, consent_version.ads=deal.UF_CRM_VERSION, consent_at.ads=deal.UF_CRM_AT";

const wording = { label: { en: "I agree", ru: "Согласие" }, text: { en: ["Mails"], ru: ["Письма"] } };
const askFor = async ({ services }: CrmHarness, key: string) =>
  saveConsent(services, {
    actor: admin,
    seen: await newestConsentChange(services.db),
    isNew: true,
    draft: { key, purpose: "advertising", required: false, wording },
  });
const retire = async ({ services }: CrmHarness, retired: boolean) =>
  retireConsent(services, { actor: admin, seen: await newestConsentChange(services.db), key: "ads", retired });

test("each consent goes to the portal's fields of its own: whether it holds, its wording, and when", async () => {
  const crm = await startCrm({ portal });
  const { db } = crm.services;
  await saveSettings(crm.services, { actor: admin, texts: { fields: map }, seen: await newestChange(crm.services) });
  const id = await crm.register();
  const given = { userId: id, locale: "ru", givenAt: new Date("2026-05-06T10:00:00Z") };
  await db.consent.createMany({
    data: [
      { ...given, kind: "registration", version: "2026-11-26" },
      { ...given, kind: "ads", version: "3" },
      // Withdrawn before the portal heard of the person.
      { ...given, kind: "news", version: "1", withdrawnAt: new Date() },
    ],
  });
  crm.newWorker().start();
  await expect.poll(async () => (await db.user.findUniqueOrThrow({ where: { id } })).crmState).toBe("SYNCED");
  const [contact] = [...crm.portal.contacts.values()];
  const [deal] = [...crm.portal.deals.values()];
  expect(contact).toMatchObject({ ufCrmAds: "Y", ufCrmNews: "N" });
  expect(deal).toMatchObject({ ufCrmVersion: "3", ufCrmAt: "2026-05-06" });
});

test("the preview shows consents as they arrive, and a field of another type refuses them in words", async () => {
  const crm = await startCrm({ portal });
  for (const key of ["ads", "news"]) await askFor(crm, key);
  const review = async (fields: string) =>
    reviewSettings(crm.services, {
      group: "fields",
      texts: { fields },
      changes: await plannedChanges(crm.services, { fields }),
      locale: "en",
    });
  const { preview } = await review(map);
  expect(preview?.contact).toContainEqual(expect.objectContaining({ title: "Advertising allowed", value: "Y" }));
  expect(preview?.deal).toContainEqual(expect.objectContaining({ title: "Wording", value: "1" }));
  expect((await review("consent.ads=deal.UF_CRM_AT")).problems.fields).toContain("does not fit");
  expect((await review("consent_at.ads=contact.UF_CRM_ADS")).problems.fields).toContain("does not fit");
  const fields = "The consent other is not asked for.";
  expect((await review("consent_version.other=deal.UF_CRM_VERSION")).problems).toEqual({ fields });
});

const rule = "consent.ads=contact.UF_CRM_ADS";
const fields = "The consent ads is not asked for.";

test("an undo does not bring back a rule for a consent that is asked for no more, also while the portal is away", async () => {
  const crm = await startCrm({ portal });
  await askFor(crm, "ads");
  for (const text of [rule, ""])
    await saveSettings(crm.services, { actor: admin, texts: { fields: text }, seen: await newestChange(crm.services) });
  await retire(crm, true);
  const undo = async () =>
    undoReviewed(crm.services, { actor: admin, id: await newestChange(crm.services), locale: "en" }, async () => {});
  expect(await undo()).toEqual({ outcome: "refused", problems: { fields } });
  const recover = crm.portal.fail({ kind: "502" });
  expect(await undo()).toEqual({ outcome: "refused", problems: { fields } });
  recover();
  expect(await crm.services.db.setting.count()).toBe(0);
  await retire(crm, false);
  expect(await undo()).toEqual({ outcome: "undone" });
});

test("nor does an undo of a form's change", async () => {
  const crm = await startCrm({ portal });
  const { services } = crm;
  await askFor(crm, "ads");
  const save = async (settings: FormSettings) => {
    const { seen } = await storedForm(services, 1);
    const change = (now: Awaited<ReturnType<typeof storedForm>>["state"]) => ({
      ...now,
      definition: { ...now.definition, settings },
    });
    await changeForm(services, { actor: admin, id: 1, seen, change });
  };
  await save({ fields: rule });
  await save({});
  await retire(crm, true);
  const undo = async () =>
    undoFormReviewed(services, { actor: admin, changeId: (await storedForm(services, 1)).seen, locale: "en" });
  expect(await undo()).toEqual({ outcome: "refused", problems: { fields } });
  await retire(crm, false);
  expect(await undo()).toEqual({ outcome: "undone" });
});

test("a map names consents by their keys, and nothing that is no key", () => {
  expect(writeFieldMap(readFieldMap(map) ?? [])).toBe(map);
  expect(sourceKindOf("consent.ads")).toBe("flag");
  for (const source of ["consent.", "consent.Ads", "consent.a-b", "consent_text.ads", "constructor.ads", "consent"])
    expect(readFieldMap(`${source}=deal.UF_CRM_X`), source).toBeNull();
});
