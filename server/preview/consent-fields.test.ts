import { expect, test } from "vitest";
import { readFieldMap, sourceKindOf, writeFieldMap } from "../platform/field-map";
import { newestChange, plannedChanges, saveSettings } from "../settings/change";
import { startCrm } from "../test/crm";
import { reviewSettings } from "./review";

const actor = { kind: "USER", id: 1, role: "ADMIN" } as const;
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

test("each consent goes to the portal's fields of its own: whether it holds, its wording, and when", async () => {
  const crm = await startCrm({ portal });
  const { db } = crm.services;
  await saveSettings(crm.services, { actor, texts: { fields: map }, seen: await newestChange(crm.services) });
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
});

test("a map names consents by their keys, and nothing that is no key", () => {
  expect(writeFieldMap(readFieldMap(map) ?? [])).toBe(map);
  expect(sourceKindOf("consent.ads")).toBe("flag");
  for (const source of ["consent.", "consent.Ads", "consent.a-b", "consent_text.ads", "constructor.ads", "consent"])
    expect(readFieldMap(`${source}=deal.UF_CRM_X`), source).toBeNull();
});
