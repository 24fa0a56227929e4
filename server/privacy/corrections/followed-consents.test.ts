import { expect, test } from "vitest";
import type { UserField } from "../../../e2e/portal/administration";
import type { Switches } from "../../../e2e/portal/switches";
import { newestConsentChange, saveConsent } from "../../consents/change";
import { givenConsent } from "../../consents/record";
import { readCorrection, sweepCorrections } from "../../corrections/corrections";
import {
  after,
  before,
  change,
  contactOf,
  dealOf,
  hasArrived,
  haveTheirTurn,
  own,
  settled,
} from "../../test/corrections";
import { type CrmHarness, startCrm } from "../../test/crm";
import { makeAdmin } from "../../test/factories";
import { giveConsent, withdrawConsent } from "../consents";

const ads = { kind: "ads" };
const fields = "consent.ads=contact.UF_CRM_ADS, consent.ads=contact.export, consent.ads=deal.UF_CRM_MAILS";
const userFields = {
  contact: [
    { name: "UF_CRM_ADS", type: "boolean", title: "Advertising" },
    { name: "UF_CRM_SINCE", type: "datetime", title: "Since" },
  ] as UserField[],
  deal: [
    { name: "UF_CRM_MAILS", type: "string", title: "Mails" },
    { name: "UF_CRM_AT", type: "datetime", title: "Agreed at" },
  ] as UserField[],
};

async function start(map: string, switches: Partial<Switches> = {}): Promise<CrmHarness> {
  const crm = await startCrm({ env: { BITRIX24_MARK_FIELDS: map }, portal: { userFields, switches } });
  const { services } = crm;
  const wording = { label: { en: "Mails", ru: "Рассылка" }, text: { en: ["Mails"], ru: ["Письма"] } };
  await saveConsent(services, {
    actor: await makeAdmin(services.db),
    seen: await newestConsentChange(services.db),
    isNew: true,
    draft: { key: "ads", purpose: "advertising", required: false, wording },
  });
  return crm;
}

async function agreed(crm: CrmHarness): Promise<number> {
  const id = await crm.register(before);
  await crm.services.db.consent.create({ data: { ...givenConsent("ru", "ads"), userId: id, givenAt: new Date() } });
  return id;
}

async function arrived(crm: CrmHarness): Promise<number> {
  const id = await agreed(crm);
  crm.newWorker().start();
  await hasArrived(crm, id);
  return id;
}

test("the portal's fields follow a consent that is withdrawn and given again, and nobody has to do it by hand", async () => {
  const crm = await start(fields);
  const { services } = crm;
  const id = await arrived(crm);
  expect(await contactOf(crm, id)).toMatchObject({ ufCrmAds: "Y", export: "Y" });
  await withdrawConsent(services, { ...own(id), ...ads });
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ ufCrmAds: "N", export: "N", name: before.firstName });
  const { title, ...deal } = await dealOf(crm, id);
  expect([deal.ufCrmMails, deal.comments ?? ""]).toEqual(["no", ""]);

  await giveConsent(services, { ...own(id), ...ads, locale: "ru" });
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ ufCrmAds: "Y", export: "Y" });
  expect(await dealOf(crm, id)).toMatchObject({ ufCrmMails: "yes", title });
  expect(await services.db.crmCorrection.findUnique({ where: { userId: id } })).toMatchObject({
    consents: [],
    told: [],
  });
});

for (const universalClearing of ["cleared", "kept"] as const)
  test(`when it was given goes from a contact where the portal's newer method leaves it ${universalClearing}, and a deal's is told`, async () => {
    const crm = await start("consent_at.ads=contact.UF_CRM_SINCE, consent_at.ads=deal.UF_CRM_AT", {
      universalClearing,
    });
    const id = await arrived(crm);
    expect((await contactOf(crm, id)).ufCrmSince).toBeTruthy();
    await withdrawConsent(crm.services, { ...own(id), ...ads });
    await settled(crm, id, "noted");
    expect((await contactOf(crm, id)).ufCrmSince ?? "").toBe("");
    const comments = String((await dealOf(crm, id)).comments);
    expect(comments).toContain("Согласие «Рассылка»: отозвано");
    expect(comments).toContain("Agreed at (ufCrmAt)");
    expect(comments).not.toContain("Since");
  });

test("a contact that was there before has nothing of it, and one that another program has taken is left to the manager", async () => {
  const crm = await start(fields);
  const { id: known } = crm.portal.staff.addContact({ name: "Павел" }, { phones: [before.phone] });
  const id = await arrived(crm);
  const untouched = structuredClone(crm.portal.contacts.get(known));
  const told = (await dealOf(crm, id)).comments;
  await withdrawConsent(crm.services, { ...own(id), ...ads });
  await settled(crm, id);
  expect(crm.portal.contacts.get(known)).toEqual(untouched);
  expect(await dealOf(crm, id)).toMatchObject({ ufCrmMails: "no", comments: told });

  const other = await start(fields);
  const person = await arrived(other);
  other.portal.staff.updateContact((await contactOf(other, person)).id, { originatorId: "other", originId: "17" });
  await withdrawConsent(other.services, { ...own(person), ...ads });
  await settled(other, person, "noted");
  expect(await contactOf(other, person)).toMatchObject({ ufCrmAds: "Y", export: "Y" });
  const { comments, ufCrmMails } = await dealOf(other, person);
  expect(ufCrmMails).toBe("no");
  expect(comments).toContain("Согласие «Рассылка»: отозвано");
  expect(comments).toContain("Advertising (ufCrmAds)");
  expect(comments).not.toContain("Mails (");
});

test("a consent that is withdrawn while a lost request has told it is corrected after the arrival", async () => {
  const crm = await start(fields);
  crm.portal.fail({ kind: "dropAfter", times: 1, method: "crm.item.add" });
  const id = await agreed(crm);
  crm.newWorker().start();
  await expect.poll(() => crm.portal.contacts.size).toBe(1);
  await withdrawConsent(crm.services, { ...own(id), ...ads });
  await hasArrived(crm, id);
  await sweepCorrections(crm.services);
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ ufCrmAds: "N", export: "N" });
});

test("of a person who has withdrawn the processing, a further consent that is withdrawn goes alone, and the rest waits", async () => {
  const crm = await start(fields);
  const { services } = crm;
  const id = await arrived(crm);
  await withdrawConsent(services, own(id));
  await change(crm, id, after);
  await withdrawConsent(services, { ...own(id), ...ads });
  await expect.poll(async () => (await dealOf(crm, id)).ufCrmMails).toBe("no");
  const waits = () => readCorrection(services, id);
  await expect.poll(waits).toMatchObject({ state: "pending", waitsFor: "consent", settledAt: null });
  expect(await contactOf(crm, id)).toMatchObject({ ufCrmAds: "N", export: "N", name: before.firstName });
  expect(JSON.stringify(await dealOf(crm, id))).not.toContain(after.firstName);

  await giveConsent(services, { ...own(id), ...ads, locale: "ru" });
  await haveTheirTurn(crm);
  expect(await waits()).toMatchObject({ state: "pending", waitsFor: "consent" });
  expect(await contactOf(crm, id)).toMatchObject({ ufCrmAds: "N" });
  await giveConsent(services, { ...own(id), locale: "ru" });
  await sweepCorrections(services);
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ ufCrmAds: "Y", name: after.firstName });
});

test("a correction of nothing but a withdrawn consent is settled without the consent to the processing", async () => {
  const crm = await start(fields);
  const id = await arrived(crm);
  await withdrawConsent(crm.services, own(id));
  await withdrawConsent(crm.services, { ...own(id), ...ads });
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ ufCrmAds: "N" });
});

test("a consent that no field of the person's form names asks nothing of the portal", async () => {
  const crm = await start("company=deal.UF_CRM_MAILS");
  const id = await arrived(crm);
  await withdrawConsent(crm.services, { ...own(id), ...ads });
  expect(await readCorrection(crm.services, id)).toBeNull();
});
