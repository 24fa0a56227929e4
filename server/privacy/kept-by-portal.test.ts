import { expect, test } from "vitest";
import type { UserField } from "../../e2e/portal/administration";
import type { Switches } from "../../e2e/portal/switches";
import { arrived } from "../test/corrections";
import { type CrmHarness, startCrm } from "../test/crm";
import { asked, erase, erased, erasureOf, person, portalText, words } from "../test/erasures";
import { makeAdmin, userOf } from "../test/factories";
import { hits } from "../test/search-everywhere";
import { retryErasure } from "./erasures";

/** Portals that accept a change and leave standing what it should remove. */

const sister = { firstName: "Мария", lastName: null, email: "maria@example.com", phone: person.phone };

const own: UserField[] = [
  { name: "UF_CRM_NAMES", type: "string", title: "Names", multiple: true },
  { name: "UF_CRM_MAIL", type: "string", title: "Mail" },
];
const map = ["lastName=contact.UF_CRM_NAMES", "lastName=deal.UF_CRM_NAMES", "email=contact.UF_CRM_MAIL"].join(", ");

async function start(switches: Partial<Switches>, mode = "anonymise"): Promise<CrmHarness> {
  const crm = await startCrm({
    env: { BITRIX24_MARK_FIELDS: map, ERASE_IN_CRM: mode },
    portal: { switches, userFields: { contact: own, deal: own } },
  });
  crm.newWorker().start();
  return crm;
}

const odd: [string, Partial<Switches>][] = [
  ["only adds phones and e-mails", { universalMultiFields: "added" }],
  ["clears no list", { universalClearing: "listsKept" }],
  ["clears nothing", { universalMultiFields: "added", universalClearing: "kept" }],
];

for (const [name, switches] of odd) {
  test(`a portal that ${name} keeps nothing of an erased person`, async () => {
    const crm = await start(switches);
    const customer = crm.portal.staff.addContact({ name: "Старый клиент" }, { phones: ["+74950000001"] });
    const userId = await arrived(crm, person);
    const deal = crm.portal.deals.get((await userOf(crm, userId)).bitrix24DealId ?? 0);
    crm.portal.staff.linkContacts(deal?.id ?? 0, [customer.id]);
    crm.portal.staff.updateContact((await userOf(crm, userId)).bitrix24ContactId ?? 0, { post: "Вырубова" });
    const before = structuredClone(customer);
    expect(hits(portalText(crm), words)).toEqual(words);
    await erased(crm, userId);
    expect(hits(portalText(crm), words)).toEqual([]);
    expect(deal?.contactIds).toEqual([]);
    expect(crm.portal.contacts.get(customer.id)).toEqual(before);
    expect(await erasureOf(crm, userId)).toMatchObject({ counts: { anonymised: 2 }, attempts: 0, error: null });
  });

  test(`a contact that two people share passes to the other one on a portal that ${name} (delete)`, async () => {
    const crm = await start(switches, "delete");
    const first = await arrived(crm, person);
    const second = await arrived(crm, sister);
    await erased(crm, first);
    const [contact, ...others] = crm.portal.contacts.values();
    expect(others).toEqual([]);
    expect(contact).toMatchObject({ name: "Мария", lastName: "", originId: `user-${second}` });
    expect(contact?.fm.map(({ value }) => value)).toEqual([person.phone]);
    expect(hits(portalText(crm), ["пелагея", "вырубова", "pelageya"])).toEqual([]);
    await erased(crm, second);
    expect([crm.portal.contacts.size, crm.portal.deals.size]).toEqual([0, 0]);
  });
}

test("an ordinary portal is read back once, and asked nothing by the older methods", async () => {
  const crm = await start({});
  const userId = await arrived(crm, person);
  const reads = asked(crm, "crm.item.get");
  await erased(crm, userId);
  expect(asked(crm, "crm.item.get") - reads).toBe(2);
  for (const method of ["crm.contact.update", "crm.deal.update", "crm.deal.contact.items.delete"])
    expect(asked(crm, method)).toBe(0);
});

test("a value that is nobody's stands once where a portal that only adds demands an e-mail", async () => {
  const crm = await start({ universalMultiFields: "added" });
  const userId = await arrived(crm, person);
  crm.portal.fail({
    kind: "command",
    method: "crm.item.update",
    code: "CRM_FIELD_ERROR_REQUIRED",
    match: '"value":""',
  });
  await erased(crm, userId);
  const [contact] = crm.portal.contacts.values();
  expect(contact?.fm.map(({ value }) => value).sort()).toEqual(["0000000000", `erased-${userId}@erased.invalid`]);
  expect(hits(portalText(crm), words)).toEqual([]);
});

test("a box that tells phones and e-mails by the older methods alone keeps none that managers have added", async () => {
  const crm = await start({ universalCommunications: "unknown" });
  const userId = await arrived(crm, person);
  const contactId = (await userOf(crm, userId)).bitrix24ContactId ?? 0;
  crm.portal.staff.updateContact(contactId, {}, { phones: [person.phone, "+74950000002"], emails: [person.email] });
  await erased(crm, userId);
  expect(crm.portal.contacts.get(contactId)?.fm).toEqual([]);
  expect(hits(portalText(crm), words)).toEqual([]);
});

test("an erasure is not done while a phone stands, and is once an administrator of the portal has removed it", async () => {
  const crm = await start({ universalMultiFields: "added" });
  const userId = await arrived(crm, person);
  crm.portal.configure({ missingMethods: ["crm.contact.update"] });
  await erase(crm, userId);
  await expect.poll(async () => (await erasureOf(crm, userId)).error).toBe("NOT_REMOVED");
  expect(await erasureOf(crm, userId)).toMatchObject({ state: "pending", doneAt: null });
  expect((await erasureOf(crm, userId)).attempts).toBeGreaterThan(0);
  // Registrations go on.
  await arrived(crm, { firstName: "Иван", email: "ivan@example.com", phone: "+79160000001" });

  const [contact] = crm.portal.contacts.values();
  for (const { value } of [...(contact?.fm ?? [])]) crm.portal.staff.removeCommunication(contact?.id ?? 0, value);
  const admin = await makeAdmin(crm.services.db);
  await retryErasure(crm.services, { actor: admin, userId, byDeleting: false });
  await expect.poll(async () => (await erasureOf(crm, userId)).state).toBe("done");
  expect(hits(portalText(crm), words)).toEqual([]);
});
