import { expect, test } from "vitest";
import { readCorrection } from "../../corrections/corrections";
import { after, arrived, before, change, contactOf, dealOf, settled, values } from "../../test/corrections";
import { lateEffect, shortTimeout, startCrm } from "../../test/crm";
import { userOf } from "../../test/factories";
import { outages } from "../../test/outages";

for (const [name, fault] of outages)
  test(`a portal that ${name} has followed once it is back, and nothing stands there twice`, async () => {
    const crm = await startCrm({ env: shortTimeout });
    crm.newWorker().start();
    const id = await arrived(crm);
    crm.portal.fail({ times: 3, ...fault });
    await change(crm, id, after);
    await settled(crm, id);
    expect(values(await contactOf(crm, id))).toEqual(["+79161112233", before.email]);
    expect(await contactOf(crm, id)).toMatchObject({ name: "Пелагея", lastName: "Вырубова-Нова" });
  });

test("a portal whose plan has ended, as an older one tells it, has followed once it is paid", async () => {
  const crm = await startCrm({ portal: { switches: { statuses: "before2026" } } });
  crm.newWorker().start();
  const id = await arrived(crm);
  crm.portal.fail({ kind: "plan" });
  await change(crm, id, after);
  await expect.poll(async () => (await readCorrection(crm.services, id))?.error).toBe("ACCESS_DENIED");
  crm.portal.clearFaults();
  await settled(crm, id);
  expect(values(await contactOf(crm, id))).toEqual(["+79161112233", before.email]);
});

test("a second correction while the answer to the first one is lost does not leave both numbers on the contact", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  crm.portal.fail({ kind: "dropAfter", times: 1, match: "+79161112233" });
  await change(crm, id, after);
  await expect.poll(async () => values(await contactOf(crm, id))).toContain("+79161112233");
  await change(crm, id, { ...after, phone: "+79169998877" });
  await settled(crm, id);
  expect(values(await contactOf(crm, id))).toEqual(["+79169998877", before.email]);
});

test("a request that takes effect late does not undo a later change", async () => {
  const crm = await startCrm({ env: lateEffect.env });
  crm.newWorker().start();
  const id = await arrived(crm);
  crm.portal.fail({ kind: "late", afterMs: lateEffect.afterMs, times: 1, match: "+79161112233" });
  await change(crm, id, after);
  await expect.poll(async () => (await userOf(crm, id)).crmInFlightUntil).not.toBeNull();
  await change(crm, id, { ...after, phone: "+79169998877" });
  await settled(crm, id);
  expect(values(await contactOf(crm, id))).toEqual(["+79169998877", before.email]);
  await expect.poll(async () => (await userOf(crm, id)).crmInFlightUntil).toBeNull();
});

test("the note is written once, also where the portal loses the answer", async () => {
  const crm = await startCrm();
  crm.portal.staff.addContact({ name: "Павел" }, { phones: [before.phone] });
  crm.newWorker().start();
  const id = await arrived(crm);
  crm.portal.fail({ kind: "dropAfter", times: 2, method: "crm.item.update" });
  await change(crm, id, after);
  await settled(crm, id, "noted");
  expect(String((await dealOf(crm, id)).comments).split("+79161112233")).toHaveLength(2);
});

test("a change of the contact that the portal turns down is left to the manager by the deal's comment", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  const { id: contactId } = await contactOf(crm, id);
  crm.portal.fail({ kind: "command", method: "crm.item.update", code: "ACCESS_DENIED", match: `"entityTypeId":3` });
  await change(crm, id, after);
  await settled(crm, id, "noted");
  expect(crm.portal.contacts.get(contactId)).toMatchObject({ name: before.firstName });
  expect(String((await dealOf(crm, id)).comments)).toContain("+79161112233");
  expect((await crm.services.db.crmPortal.findUniqueOrThrow({ where: { id: 1 } })).pausedBy).toBeNull();
});

test("a contact that could not be read for a while is corrected all the same, and only then by hand if its change fails", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  const { id: contactId } = await contactOf(crm, id);
  const row = () => crm.services.db.crmCorrection.findUniqueOrThrow({ where: { userId: id } });
  const unread = { kind: "command", method: "crm.item.get", code: "ERROR_CORE" } as const;
  crm.portal.fail({ ...unread, times: 7, match: ({ params }) => Number(params.id) === contactId });
  await change(crm, id, after);
  await settled(crm, id);
  expect(values(await contactOf(crm, id))).toEqual(["+79161112233", before.email]);
  expect(await row()).toMatchObject({ attempts: 7, contactRefusals: 0 });
  crm.portal.fail({ kind: "command", method: "crm.item.update", code: "ERROR_CORE", match: `"entityTypeId":3` });
  await change(crm, id, { ...after, phone: "+79169998877" });
  await settled(crm, id, "noted");
  expect(await row()).toMatchObject({ contactRefusals: 5 });
});

test("a portal that turns down the note as well is not asked for ever, and says why", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  crm.portal.fail({ kind: "command", method: "crm.item.update", code: "CRM_FIELD_ERROR_VALUE_NOT_VALID" });
  await change(crm, id, after);
  await settled(crm, id, "failed");
  expect(await readCorrection(crm.services, id)).toMatchObject({ error: "CRM_FIELD_ERROR_VALUE_NOT_VALID" });
  // A later change starts with no failed attempts.
  crm.portal.clearFaults();
  await change(crm, id, { ...after, phone: "+79169998877" });
  await settled(crm, id);
  expect(values(await contactOf(crm, id))).toEqual(["+79169998877", before.email]);
});
