import { expect, test } from "vitest";
import { readCorrection, sweepCorrections } from "../../corrections/corrections";
import {
  after,
  arrived,
  before,
  beforeDetails,
  change,
  contactOf,
  dealOf,
  hasArrived,
  haveTheirTurn,
  own,
  settled,
  values,
} from "../../test/corrections";
import { type CrmHarness, findFaults, startCrm } from "../../test/crm";
import { makeAdmin, userOf } from "../../test/factories";
import { hits } from "../../test/search-everywhere";
import { newSessionOf } from "../../test/sign-in";
import { requestEmailChange } from "../change-details";
import { giveConsent, withdrawConsent } from "../consents";
import { erasePerson } from "../erase";

const updates = ({ portal }: CrmHarness) => portal.calls.filter(({ method }) => method === "crm.item.update").length;

test("name and phone follow in our contact and the deal's title, and what managers added stays", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  const contact = await contactOf(crm, id);
  const [email, phone] = contact.fm;
  const added = { phones: ["+74950001122"], emails: ["secretary@company.example"] };
  crm.portal.staff.updateContact(contact.id, { post: "Директор" }, added);
  expect(await change(crm, id, after)).toEqual({ changed: ["firstName", "lastName", "phone"] });
  await settled(crm, id);

  const now = await contactOf(crm, id);
  expect(now).toMatchObject({ name: "Пелагея", lastName: "Вырубова-Нова", post: "Директор" });
  expect(values(now)).toEqual(["+74950001122", "+79161112233", before.email, "secretary@company.example"]);
  // Replaced in its place, not removed and added.
  expect(now.fm.find(({ id: place }) => place === phone?.id)).toMatchObject({ value: "+79161112233" });
  expect(now.fm.find(({ id: place }) => place === email?.id)).toMatchObject({ value: before.email });
  const deal = await dealOf(crm, id);
  expect(deal.title).toMatch(/^Пелагея Вырубова-Нова — /);
  expect(deal.comments ?? "").toBe("");
  expect(await findFaults(crm)).toEqual([]);
  expect((await crm.services.db.crmCorrection.findUniqueOrThrow({ where: { userId: id } })).told).toEqual([]);
});

test("a contact that was there before is left alone: the deal's comment tells the manager", async () => {
  const crm = await startCrm();
  const { id: known } = crm.portal.staff.addContact({ name: "Павел" }, { phones: [before.phone] });
  crm.newWorker().start();
  const id = await arrived(crm);
  expect((await userOf(crm, id)).bitrix24ContactId).toBe(known);
  const untouched = structuredClone(crm.portal.contacts.get(known));
  const told = (await dealOf(crm, id)).comments ?? "";
  await change(crm, id, after);
  await settled(crm, id, "noted");
  expect(crm.portal.contacts.get(known)).toEqual(untouched);
  const comments = String((await dealOf(crm, id)).comments);
  expect(comments.startsWith(told)).toBe(true);
  expect(comments).toContain("Имя: Пелагея Вырубова-Нова");
  expect(comments).toContain("+79161112233");
});

test("a contact of ours that bears another program's mark by now is left alone", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  const { id: contactId } = await contactOf(crm, id);
  crm.portal.staff.updateContact(contactId, { originatorId: "other-program", originId: "17" });
  const untouched = structuredClone(await contactOf(crm, id));
  await change(crm, id, after);
  await settled(crm, id, "noted");
  expect(await contactOf(crm, id)).toEqual(untouched);
  expect(String((await dealOf(crm, id)).comments)).toContain("+79161112233");
});

test("a name that a manager has put in its place stays, and the manager is told the new one", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  crm.portal.staff.updateContact((await contactOf(crm, id)).id, { name: "Пелагея Ивановна" });
  await change(crm, id, { ...beforeDetails, firstName: "Полина" });
  await settled(crm, id, "noted");
  expect(await contactOf(crm, id)).toMatchObject({ name: "Пелагея Ивановна", lastName: "Вырубова" });
  expect(String((await dealOf(crm, id)).comments)).toContain("Имя: Полина Вырубова");
});

test("a number that another of our people still has stays in the contact that both share", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  const sister = await arrived(crm, { ...before, firstName: "Анфиса", email: "anfisa@old.example" });
  expect((await userOf(crm, sister)).bitrix24ContactId).toBe((await userOf(crm, id)).bitrix24ContactId);
  await change(crm, id, after);
  await settled(crm, id);
  expect(values(await contactOf(crm, id))).toEqual(["+79161112233", before.phone, before.email]);
});

const field = (name: string, title: string) => ({ name, title, type: "string" as const });

test("a changed detail that the settings write to other fields is told to the manager, with their names", async () => {
  const crm = await startCrm({
    portal: {
      userFields: {
        contact: [field("UF_CRM_SECOND_PHONE", "Second phone")],
        deal: [field("UF_CRM_FIRM", "Firm"), field("UF_CRM_CALL", "Whom to call"), field("UF_CRM_EXT", "Extension")],
      },
    },
    env: {
      BITRIX24_MARK_FIELDS:
        "phone=contact.UF_CRM_SECOND_PHONE,company=deal.UF_CRM_FIRM,firstName=deal.UF_CRM_CALL,phoneExtension=deal.UF_CRM_EXT",
    },
  });
  crm.newWorker().start();
  const id = await arrived(crm);
  await change(crm, id, { ...beforeDetails, phone: after.phone });
  await settled(crm, id, "noted");
  // The contact's own phone has followed.
  expect(values(await contactOf(crm, id))).toContain("+79161112233");
  const first = String((await dealOf(crm, id)).comments);
  expect(first).toContain("+79161112233");
  expect(first).toContain("Second phone (ufCrmSecondPhone)");
  expect(first).not.toMatch(/Firm|Whom to call|Extension|сайт его не менял/);

  await change(crm, id, {
    ...beforeDetails,
    phone: `${after.phone} доб. 7`,
    firstName: "Полина",
    company: "Рога",
  });
  await settled(crm, id, "noted");
  const second = String((await dealOf(crm, id)).comments).slice(first.length);
  expect(second).toContain("Полина");
  for (const label of ["Firm", "Whom to call", "Extension"]) expect(second).toContain(label);
  expect(second).not.toContain("Second phone");
});

test("in a contact that was there before no field of the settings was filled: only those of the deal are told", async () => {
  const crm = await startCrm({
    portal: {
      userFields: {
        contact: [field("UF_CRM_SECOND_PHONE", "Second phone")],
        deal: [field("UF_CRM_CALL", "Whom to call")],
      },
    },
    env: { BITRIX24_MARK_FIELDS: "phone=contact.UF_CRM_SECOND_PHONE,phone=deal.UF_CRM_CALL" },
  });
  crm.portal.staff.addContact({ name: "Павел" }, { phones: [before.phone] });
  crm.newWorker().start();
  const id = await arrived(crm);
  await change(crm, id, { ...beforeDetails, phone: after.phone });
  await settled(crm, id, "noted");
  const comments = String((await dealOf(crm, id)).comments);
  expect(comments).toContain("Whom to call");
  expect(comments).not.toContain("Second phone");
});

test("company and extension stand in the deal's comment only: there they follow", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  await change(crm, id, {
    ...beforeDetails,
    company: "Рога [url=x]и копыта[/url]",
    phone: `${before.phone} доб. 12`,
  });
  await settled(crm, id);
  const comments = String((await dealOf(crm, id)).comments);
  expect(comments).toContain("Компания: Рога (url=x)и копыта(/url)");
  expect(comments).toContain("Добавочный номер: 12");
  expect(values(await contactOf(crm, id))).toEqual([before.phone, before.email]);
});

test("who changes something before the portal knows them is corrected after the arrival", async () => {
  const crm = await startCrm();
  const id = await crm.register(before);
  // Made with the old details, by a request whose answer was lost.
  crm.portal.fail({ kind: "dropAfter", times: 1, method: "crm.item.add" });
  crm.newWorker().start();
  await expect.poll(() => crm.portal.contacts.size).toBe(1);
  await change(crm, id, { ...after, phone: before.phone });
  await hasArrived(crm, id);
  await sweepCorrections(crm.services);
  await settled(crm, id);
  expect(await findFaults(crm)).toEqual([]);
  expect(await contactOf(crm, id)).toMatchObject({ name: "Пелагея", lastName: "Вырубова-Нова" });
});

test("who has withdrawn the consent is not told of to the CRM, until it is given again", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  await withdrawConsent(crm.services, own(id));
  await change(crm, id, after);
  await haveTheirTurn(crm);
  expect(await readCorrection(crm.services, id)).toMatchObject({ state: "pending", waitsFor: "consent" });
  expect(await contactOf(crm, id)).toMatchObject({ name: before.firstName });
  await giveConsent(crm.services, { ...own(id), locale: "ru" });
  await sweepCorrections(crm.services);
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ name: after.firstName });
});

test("an e-mail that an administrator changes follows, and one without a registration is nobody's on the portal", async () => {
  const crm = await startCrm();
  const admin = await makeAdmin(crm.services.db);
  crm.newWorker().start();
  const id = await arrived(crm);
  const production = {
    ...crm.services,
    env: { ...crm.services.env, NODE_ENV: "production" as const, SMTP_URL: undefined },
  };
  const asked = { actor: admin, userId: id, email: "pelagia@new.example" };
  const sessionId = await newSessionOf(crm.services, admin.id);
  expect(await requestEmailChange(production, { ...asked, sessionId })).toBe("changed");
  await settled(crm, id);
  expect(values(await contactOf(crm, id))).toEqual([before.phone, "pelagia@new.example"]);

  await crm.services.db.user.update({ where: { id: admin.id }, data: { crmState: "SYNCED" } });
  await change(crm, admin.id, { ...after });
  expect(await readCorrection(crm.services, admin.id)).toBeNull();
});

test("saving what is there already asks nothing of the portal", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  expect(await change(crm, id, { ...beforeDetails })).toEqual({ changed: [] });
  expect(await readCorrection(crm.services, id)).toBeNull();
  expect(updates(crm)).toBe(0);
});

test("a person who is erased before the portal has followed a correction leaves neither the old nor the new details there", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  const sister = await arrived(crm, { ...before, firstName: "Анфиса", lastName: null, email: "anfisa@old.example" });
  await change(crm, sister, { firstName: "Анфиса", phone: "+79165550011" });
  await settled(crm, sister, "noted");
  const recover = crm.portal.fail({ kind: "502" });
  await change(crm, id, after);
  await erasePerson(crm.services, { ...own(id), cause: "self" });
  recover();
  await expect
    .poll(async () => (await crm.services.db.erasure.findUniqueOrThrow({ where: { userId: id } })).state)
    .toBe("done");
  const text = JSON.stringify([...crm.portal.contacts.values(), ...crm.portal.deals.values()]);
  expect(hits(text, ["пелаг", "вырубова", "pelagia", "9167654321", "9161112233"])).toEqual([]);
  expect(await readCorrection(crm.services, id)).toBeNull();
});
