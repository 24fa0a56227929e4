import { expect, test } from "vitest";
import type { FirstOptions } from "../../e2e/portal/settings";
import { endAlerts } from "../notices/alert-ends";
import { type CrmHarness, findFaults, startCrm, syncAll } from "../test/crm";
import { garbled, unlisted } from "../test/garbled-answers";

/** An employee's webhook that reads the owner's contacts alone; the duplicate search names those of others too. */
const portal: FirstOptions = {
  limits: { bucket: 0 },
  users: [
    {
      ...{ id: 1, name: "Vera", lastName: "Owner", email: "v@portal.example", active: true, admin: false },
      rights: { contact: { read: "own" } },
    },
    { id: 2, name: "Maxim", lastName: "Manager", email: "m@portal.example", active: true, admin: false },
  ],
};

const told = ({ services }: CrmHarness) =>
  services.db.alert.findMany({ where: { kind: "hidden" }, select: { facts: true, overAt: true } });

test("a known customer whose contact the webhook's owner may not read arrives with a second one, and that is told", async () => {
  const crm = await startCrm({ portal });
  const hidden = crm.portal.staff.addContact(
    { name: "Анна", assignedById: 2 },
    { emails: ["anna@example.com"], phones: ["+79997770011"] },
  );
  const id = await crm.register({ email: "anna@example.com" });
  await syncAll(crm);
  const { bitrix24ContactId } = await crm.services.db.user.findUniqueOrThrow({ where: { id } });
  expect(bitrix24ContactId).not.toBe(hidden.id);
  expect(crm.portal.contacts.size).toBe(2);
  expect(await told(crm)).toMatchObject([{ facts: { contactId: hidden.id }, overAt: null }]);
  await endAlerts(crm.services);
  expect(await told(crm)).toMatchObject([{ overAt: null }]);
  // A week later no hidden contact was found again.
  await crm.services.db.alert.updateMany({ data: { facts: { contactId: hidden.id, seenAt: 0 }, toldAt: new Date() } });
  await endAlerts(crm.services);
  expect((await told(crm))[0]?.overAt).not.toBeNull();
});

test("a contact that the duplicate search still names although it is gone is no hidden one", async () => {
  const stale = garbled(({ method }) => (method === "crm.duplicate.findbycomm" ? { CONTACT: [990_001] } : undefined));
  const crm = await startCrm({ gateway: stale });
  await crm.register();
  await syncAll(crm);
  expect(await findFaults(crm)).toEqual([]);
  expect(await told(crm)).toEqual([]);
});

test("a contact that lists leave out and that may be read by its id is linked", async () => {
  let leftOut = 0;
  const crm = await startCrm({ gateway: garbled(unlisted("contact", () => [leftOut])) });
  const known = crm.portal.staff.addContact({ name: "Анна" }, { emails: ["anna@example.com"] });
  leftOut = known.id;
  const id = await crm.register({ email: "anna@example.com" });
  await syncAll(crm);
  expect(await crm.services.db.user.findUniqueOrThrow({ where: { id } })).toMatchObject({
    bitrix24ContactId: known.id,
  });
  expect(await told(crm)).toEqual([]);
});

test("a contact that lists leave out and whose reading breaks down once is linked all the same", async () => {
  let leftOut = 0;
  let isBroken = true;
  const crm = await startCrm({
    gateway: garbled((call, result) => {
      if (call.method === "crm.item.get" && Number(call.params.id) === leftOut && isBroken) {
        isBroken = false;
        return {};
      }
      return unlisted("contact", () => [leftOut])(call, result);
    }),
  });
  const known = crm.portal.staff.addContact({ name: "Анна" }, { emails: ["anna@example.com"] });
  leftOut = known.id;
  const id = await crm.register({ email: "anna@example.com" });
  await syncAll(crm);
  expect(isBroken).toBe(false);
  expect(await crm.services.db.user.findUniqueOrThrow({ where: { id } })).toMatchObject({
    bitrix24ContactId: known.id,
  });
  expect(crm.portal.contacts.size).toBe(1);
  expect(await told(crm)).toEqual([]);
});

test("a hidden contact with the phone of a person who is recognised by e-mail is not told of", async () => {
  const crm = await startCrm({ portal });
  const phone = "+79997770011";
  crm.portal.staff.addContact({ name: "Семья", assignedById: 2 }, { phones: [phone] });
  const known = crm.portal.staff.addContact({ name: "Анна", assignedById: 1 }, { emails: ["anna@example.com"] });
  const id = await crm.register({ email: "anna@example.com", phone });
  await syncAll(crm);
  expect(await crm.services.db.user.findUniqueOrThrow({ where: { id } })).toMatchObject({
    bitrix24ContactId: known.id,
  });
  expect(await told(crm)).toEqual([]);
});
