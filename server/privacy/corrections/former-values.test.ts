import { expect, test } from "vitest";
import type { Switches } from "../../../e2e/portal/switches";
import {
  after,
  arrived,
  before,
  beforeDetails,
  change,
  contactOf,
  dealOf,
  settled,
  values,
} from "../../test/corrections";
import { type CrmHarness, findFaults, startCrm } from "../../test/crm";
import { asked } from "../../test/erasures";

/** Portals that accept a correction and leave the former detail standing. */

async function start(switches: Partial<Switches>): Promise<CrmHarness> {
  const crm = await startCrm({ portal: { switches } });
  crm.newWorker().start();
  return crm;
}

for (const [name, switches] of [
  ["only adds phones and e-mails", { universalMultiFields: "added" }],
  ["clears nothing", { universalMultiFields: "added", universalClearing: "kept" }],
] as [string, Partial<Switches>][])
  test(`a portal that ${name} has the new phone once and not the former one, and what managers added stays`, async () => {
    const crm = await start(switches);
    const id = await arrived(crm);
    const { id: contactId } = await contactOf(crm, id);
    crm.portal.staff.updateContact(contactId, {}, { phones: ["+74950001122"] });
    await change(crm, id, after);
    await settled(crm, id);
    expect(values(await contactOf(crm, id))).toEqual(["+74950001122", after.phone, before.email]);
    expect(await contactOf(crm, id)).toMatchObject({ name: after.firstName, lastName: after.lastName });

    // Back again, and without a last name.
    await change(crm, id, { ...beforeDetails, lastName: "" });
    await settled(crm, id);
    expect(values(await contactOf(crm, id))).toEqual(["+74950001122", before.phone, before.email]);
    expect(await contactOf(crm, id)).toMatchObject({ name: before.firstName, lastName: "" });
    expect((await dealOf(crm, id)).comments ?? "").toBe("");
    expect(await findFaults(crm)).toEqual([]);
  });

test("a lost answer of a portal that only adds leaves neither the former phone nor the new one twice", async () => {
  const crm = await start({ universalMultiFields: "added" });
  const id = await arrived(crm);
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.update", times: 1 });
  await change(crm, id, after);
  await settled(crm, id);
  expect(values(await contactOf(crm, id))).toEqual([after.phone, before.email]);
});

test("an ordinary portal's answer tells that the former detail is gone, so nothing is read back", async () => {
  const crm = await start({});
  const id = await arrived(crm);
  const reads = asked(crm, "crm.item.get");
  await change(crm, id, after);
  await settled(crm, id);
  expect(asked(crm, "crm.item.get") - reads).toBe(2);
  expect(asked(crm, "crm.contact.update")).toBe(0);
});

test("where the former phone stands even then, the deal's comment tells the manager", async () => {
  const crm = await start({ universalMultiFields: "added" });
  const id = await arrived(crm);
  crm.portal.configure({ missingMethods: ["crm.contact.update"] });
  await change(crm, id, after);
  await settled(crm, id, "noted");
  expect(values(await contactOf(crm, id))).toContain(before.phone);
  expect(String((await dealOf(crm, id)).comments)).toContain(after.phone);
  // Other registrations go on.
  await arrived(crm, { firstName: "Иван", email: "ivan@example.com", phone: "+79160000001" });
});

test("a robot's value in place of a last name that was taken away is no former detail", async () => {
  const crm = await start({});
  const id = await arrived(crm);
  crm.portal.configure({ robots: [{ on: "contact", when: "changed", set: { lastName: "Без фамилии" } }] });
  await change(crm, id, { ...beforeDetails, lastName: "" });
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ name: before.firstName, lastName: "Без фамилии" });
  expect((await dealOf(crm, id)).comments ?? "").toBe("");
  expect(asked(crm, "crm.contact.update")).toBe(0);
});
