import { expect, test } from "vitest";
import { lockDetails, noteCorrection, readCorrection, sweepCorrections } from "../corrections/corrections";
import type { StoredPerson } from "../person/fields";
import { type CrmHarness, findFaults, noJobsLeft, startCrm } from "../test/crm";
import { userOf } from "../test/factories";
import { loggedRecords } from "./made-records";

/** A person's details are corrected between a request for the contact, whose answer was lost, and the next attempt. */

const first = { email: "anna@old.example", phone: "+79990001122" };
const corrected = { email: "anna@new.example", phone: "+79990003344" };

/** As a page or a mailed link does. */
const correct = ({ services: { db, queue } }: CrmHarness, userId: number, details: Partial<StoredPerson>) =>
  db.$transaction(async (tx) => {
    const before = await lockDetails(tx, userId);
    await tx.user.update({ where: { id: userId }, data: details });
    await noteCorrection(tx, queue, { userId, before });
  });

/** The worker does not look for the contact while the request may still take effect. */
const start = () => startCrm({ env: { BITRIX24_SETTLE_MS: "3000" } });

/** Starts a worker, and waits until the portal has a contact whose answer is lost. */
async function loseContact(crm: CrmHarness): Promise<number> {
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.add", times: 1 });
  crm.newWorker().start();
  await expect.poll(() => crm.portal.contacts.size).toBe(1);
  return [...crm.portal.contacts.keys()][0] ?? 0;
}

async function arrive(crm: CrmHarness, userId: number) {
  await expect.poll(async () => (await userOf(crm, userId)).crmState).toBe("SYNCED");
  await sweepCorrections(crm.services);
  await expect.poll(async () => (await readCorrection(crm.services, userId))?.state ?? "done").toBe("done");
  return userOf(crm, userId);
}

const details = (crm: CrmHarness, id: number) =>
  crm.portal.contacts
    .get(id)
    ?.fm.map(({ value }) => value)
    .sort();

test.each([
  ["e-mail and phone", corrected],
  ["the e-mail", { email: corrected.email }],
  ["the phone", { phone: corrected.phone }],
  ["the name", { firstName: "Анна-Мария" }],
])("a contact whose answer was lost is not made again when %s are corrected meanwhile", async (_name, change) => {
  const crm = await start();
  const userId = await crm.register(first);
  const contactId = await loseContact(crm);
  await correct(crm, userId, change);
  const arrived = await arrive(crm, userId);
  expect([...crm.portal.contacts.keys()]).toEqual([contactId]);
  expect(arrived).toMatchObject({ bitrix24ContactId: contactId, crmContactBy: "made" });
  expect((await loggedRecords(crm.services.db, userId)).contacts).toEqual([contactId]);
  expect(await findFaults(crm)).toEqual([]);
  const { email, phone } = { ...first, ...change };
  expect(details(crm, contactId)).toEqual([phone, email]);
  // What was sent is not kept any longer than the portal holds it.
  const { told } = await crm.services.db.crmCorrection.findUniqueOrThrow({ where: { userId } });
  expect(told).toEqual([]);
});

test("a contact that was sent between two corrections is found, and holds the last of them alone", async () => {
  const crm = await start();
  const userId = await crm.register(first);
  await correct(crm, userId, { email: "anna@second.example", phone: "+79990002233" });
  const contactId = await loseContact(crm);
  expect(details(crm, contactId)).toEqual(["+79990002233", "anna@second.example"]);
  await correct(crm, userId, corrected);
  const arrived = await arrive(crm, userId);
  expect([...crm.portal.contacts.keys()]).toEqual([contactId]);
  expect(arrived).toMatchObject({ bitrix24ContactId: contactId, crmContactBy: "made" });
  expect(details(crm, contactId)).toEqual([corrected.phone, corrected.email]);
});

test("a contact of the person who has the former address by now is neither linked nor changed", async () => {
  const crm = await start();
  const userId = await crm.register(first);
  const lost = await loseContact(crm);
  crm.portal.staff.deleteContact(lost);
  await correct(crm, userId, corrected);
  const other = await crm.register({ ...first, firstName: "Борис" });
  await arrive(crm, userId);
  await noJobsLeft(crm.services.db);
  const [anna, boris] = [await userOf(crm, userId), await userOf(crm, other)];
  expect(anna.bitrix24ContactId).not.toBe(boris.bitrix24ContactId);
  expect(details(crm, anna.bitrix24ContactId ?? 0)).toEqual([corrected.phone, corrected.email]);
  expect(details(crm, boris.bitrix24ContactId ?? 0)).toEqual([first.phone, first.email]);
  expect(await findFaults(crm)).toEqual([]);
});

test("a customer's contact with the former address, which bears no mark, is not linked", async () => {
  const crm = await start();
  const userId = await crm.register(first);
  const lost = await loseContact(crm);
  crm.portal.staff.deleteContact(lost);
  const customer = crm.portal.staff.addContact({ name: "Борис" }, { emails: [first.email], phones: [first.phone] });
  const untouched = structuredClone(crm.portal.contacts.get(customer.id));
  await correct(crm, userId, corrected);
  const arrived = await arrive(crm, userId);
  expect(arrived.bitrix24ContactId).not.toBe(customer.id);
  expect(crm.portal.contacts.get(customer.id)).toEqual(untouched);
  expect(await findFaults(crm)).toEqual([]);
});

test("no more of what was sent is kept than twenty versions, the first of them among these", async () => {
  const crm = await start();
  const userId = await crm.register(first);
  for (let number = 0; number < 25; number++) await correct(crm, userId, { company: `ООО ${number}` });
  const { told } = await crm.services.db.crmCorrection.findUniqueOrThrow({ where: { userId } });
  const companies = (told as unknown as StoredPerson[]).map(({ company }) => company);
  expect(companies).toHaveLength(20);
  expect([companies[0], companies.at(-1)]).toEqual([null, "ООО 23"]);
});
