import { expect, test } from "vitest";
import { systemActor } from "../audit/actor";
import { markConfirmed } from "../confirmation/confirm";
import { openConflict } from "../conflicts/conflicts";
import { resolveConflict } from "../conflicts/resolve";
import { setPaid } from "../payments/payments";
import { giveConsent, withdrawConsent } from "../privacy/consents";
import { arrived, before, dealOf, hasArrived, own } from "../test/corrections";
import { findFaults, noJobsLeft, startCrm } from "../test/crm";
import { userOf } from "../test/factories";

test("a deal that managers deleted is not made again for a person who has withdrawn the consent, until it is given again", async () => {
  const crm = await startCrm();
  const { db } = crm.services;
  crm.newWorker().start();
  const id = await arrived(crm);
  await withdrawConsent(crm.services, own(id));
  const { id: portalId } = await dealOf(crm, id);
  crm.portal.staff.deleteDeal(portalId);
  await openConflict(db, { kind: "DEAL_DELETED", userId: id, portalId });
  const { id: conflictId } = await db.conflict.findFirstOrThrow();
  await resolveConflict(crm.services, { actor: systemActor, conflictId, action: "recreate" });
  await noJobsLeft(db);
  expect(await userOf(crm, id)).toMatchObject({ crmState: "HELD", holds: ["consent"], bitrix24DealId: null });
  expect(crm.portal.deals.size).toBe(0);

  await giveConsent(crm.services, { ...own(id), locale: "ru" });
  await hasArrived(crm, id);
  expect(crm.portal.deals.size).toBe(1);
  expect(await findFaults(crm)).toEqual([]);
});

test("a payment still moves the deal of a person who has withdrawn the consent and whose contact is to be made again", async () => {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const { db } = crm.services;
  crm.newWorker().start();
  const id = await arrived(crm);
  await withdrawConsent(crm.services, own(id));
  const { bitrix24ContactId: portalId } = await userOf(crm, id);
  crm.portal.staff.deleteContact(portalId ?? 0);
  await openConflict(db, { kind: "CONTACT_DELETED", userId: id, portalId: portalId ?? 0 });
  const { id: conflictId } = await db.conflict.findFirstOrThrow();
  const decided = await resolveConflict(crm.services, { actor: systemActor, conflictId, action: "recreate" });
  expect(decided).toEqual({ waits: true });
  await expect.poll(() => userOf(crm, id)).toMatchObject({ crmState: "HELD", bitrix24DealId: expect.any(Number) });

  await setPaid(crm.services, { actor: systemActor, userId: id, isPaid: true, origin: "page" });
  await expect.poll(async () => (await dealOf(crm, id)).stageId).toBe("WON");
  await noJobsLeft(db);
  expect(crm.portal.contacts.size).toBe(0);
  expect(await db.conflict.count({ where: { resolvedAt: null } })).toBe(0);

  await giveConsent(crm.services, { ...own(id), locale: "ru" });
  await hasArrived(crm, id);
  await noJobsLeft(db);
  expect(await findFaults(crm)).toEqual([]);
});

test("an e-mail that is confirmed after the consent was withdrawn gives the linked contact its phone only once it is given again", async () => {
  const crm = await startCrm();
  const { db, queue } = crm.services;
  const { id: contactId } = crm.portal.staff.addContact({ name: "Павел" }, { emails: [before.email] });
  const phones = () => JSON.stringify(crm.portal.contacts.get(contactId)).split(before.phone).length - 1;
  crm.newWorker().start();
  const id = await arrived(crm);
  await withdrawConsent(crm.services, own(id));
  await db.$transaction((tx) => markConfirmed(tx, queue, id));
  await noJobsLeft(db);
  expect(phones()).toBe(0);
  await giveConsent(crm.services, { ...own(id), locale: "ru" });
  await expect.poll(phones).toBe(1);
});
