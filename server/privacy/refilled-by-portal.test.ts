import { expect, test } from "vitest";
import type { UserField } from "../../e2e/portal/administration";
import type { Switches } from "../../e2e/portal/switches";
import { type CrmHarness, type Registered, startCrm } from "../test/crm";
import { asked, erase, erased, erasureOf, person, portalText, words } from "../test/erasures";
import { hits } from "../test/search-everywhere";

/** Portals that show or fill in a value where an erasure has left none: the erasure is done if none is the person's. */

const nobody = "Удалено / Erased";

interface Odd {
  fields?: string;
  own?: UserField[];
  switches?: Partial<Switches>;
}

async function start({ fields = "", own = [], switches = {} }: Odd): Promise<CrmHarness> {
  const crm = await startCrm({
    env: { BITRIX24_MARK_FIELDS: fields },
    portal: { switches, userFields: { contact: own, deal: own } },
  });
  crm.newWorker().start();
  return crm;
}

async function arrived(crm: CrmHarness, details: Partial<Registered> = person) {
  const { db } = crm.services;
  const userId = await crm.register(details);
  await expect.poll(async () => (await db.user.findUniqueOrThrow({ where: { id: userId } })).crmState).toBe("SYNCED");
  const [contact] = crm.portal.contacts.values();
  const [deal] = crm.portal.deals.values();
  if (!contact || !deal) throw new Error("nothing has arrived");
  return { userId, contact, deal };
}

/** Without a single failed attempt. */
async function erasedAtOnce(crm: CrmHarness, userId: number): Promise<void> {
  await erased(crm, userId);
  expect(await erasureOf(crm, userId)).toMatchObject({ attempts: 0, error: null });
  expect(hits(portalText(crm), words)).toEqual([]);
}

test("the portal's own yes-or-no fields, which show no when they are empty, hold up no erasure", async () => {
  const fields = "consent.ads=contact.export, consent.ads=deal.opened, user_id=deal.probability";
  const crm = await start({ fields });
  const { userId, contact, deal } = await arrived(crm);
  expect([contact.export, deal.opened, deal.probability]).toEqual(["N", "N", userId]);
  await erasedAtOnce(crm, userId);
  expect([contact.export, deal.opened]).toEqual(["N", "N"]);
  for (const method of ["crm.contact.update", "crm.deal.update"]) expect(asked(crm, method)).toBe(0);
});

test("a text that reads as no or nought is not taken for an empty field", async () => {
  const own: UserField[] = [{ name: "UF_CRM_ANSWER", type: "string", title: "Answer" }];
  const crm = await start({ fields: "company|N=contact.UF_CRM_ANSWER", own, switches: { universalClearing: "kept" } });
  const { userId, contact } = await arrived(crm);
  expect(contact.ufCrmAnswer).toBe("N");
  await erasedAtOnce(crm, userId);
  expect(contact.ufCrmAnswer).toBe("");
});

test("what a robot puts into emptied fields stays, and the erasure is done", async () => {
  const own: UserField[] = [{ name: "UF_CRM_MAIL", type: "string", title: "Mail" }];
  const crm = await start({ fields: "email=contact.UF_CRM_MAIL", own });
  const { userId, contact, deal } = await arrived(crm);
  crm.portal.staff.updateContact(contact.id, { comments: "Просит перезвонить" });
  const filled = { post: "Клиент", comments: "Проверено роботом", lastName: "—", ufCrmMail: "нет" };
  crm.portal.configure({
    robots: [
      { on: "contact", when: "changed", set: filled },
      { on: "deal", when: "changed", set: { comments: "Проверено роботом", sourceDescription: "Сайт" } },
    ],
  });
  await erasedAtOnce(crm, userId);
  expect(contact).toMatchObject(filled);
  expect(deal).toMatchObject({ comments: "Проверено роботом", sourceDescription: "Сайт" });
  for (const method of ["crm.contact.update", "crm.deal.update"]) expect(asked(crm, method)).toBe(0);
});

test("a robot that puts there what stood there before holds up no erasure", async () => {
  const crm = await start({});
  const filled = { post: "Клиент", comments: "Проверено роботом" };
  const { userId, contact } = await arrived(crm);
  crm.portal.staff.updateContact(contact.id, filled);
  crm.portal.configure({ robots: [{ on: "contact", when: "changed", set: filled }] });
  await erasedAtOnce(crm, userId);
  expect(contact).toMatchObject({ ...filled, name: nobody });
});

test("an erasure is not done while a robot puts the person's name back, and is once it does not", async () => {
  const crm = await start({});
  const { userId, contact } = await arrived(crm);
  crm.portal.configure({ robots: [{ on: "contact", when: "changed", set: { post: person.lastName } }] });
  await erase(crm, userId);
  await expect.poll(async () => (await erasureOf(crm, userId)).error).toBe("NOT_REMOVED");
  expect(await erasureOf(crm, userId)).toMatchObject({ state: "pending", doneAt: null });
  crm.portal.configure({ robots: [] });
  await expect.poll(async () => (await erasureOf(crm, userId)).state).toBe("done");
  expect(contact.post).toBe("");
  expect(hits(portalText(crm), words)).toEqual([]);
});

test("a contact whose id was not stored is known at each attempt, though the first has taken its details away", async () => {
  const crm = await start({});
  const { userId, contact } = await arrived(crm);
  crm.portal.configure({ robots: [{ on: "contact", when: "changed", set: { post: person.lastName } }] });
  await crm.services.db.user.update({ where: { id: userId }, data: { bitrix24ContactId: null } });
  await erase(crm, userId);
  await expect.poll(async () => (await erasureOf(crm, userId)).attempts).toBeGreaterThan(2);
  expect(contact).toMatchObject({ name: nobody, fm: [] });
  crm.portal.configure({ robots: [] });
  await expect.poll(async () => (await erasureOf(crm, userId)).state).toBe("done");
  expect(hits(portalText(crm), words)).toEqual([]);
});

test("a robot that copies the last name of who inherits the contact holds up no erasure of a relative", async () => {
  const crm = await start({ fields: "lastName=contact.post" });
  const { userId, contact } = await arrived(crm);
  const heir = await arrived(crm, { ...person, firstName: "Мария", email: "maria@example.com" });
  crm.portal.configure({ robots: [{ on: "contact", when: "changed", set: { post: person.lastName } }] });
  await erase(crm, userId);
  await expect.poll(async () => (await erasureOf(crm, userId)).state).toBe("done");
  expect(await erasureOf(crm, userId)).toMatchObject({ attempts: 0, error: null });
  expect(contact).toMatchObject({ name: "Мария", lastName: person.lastName, originId: `user-${heir.userId}` });
});

test("a portal that empties no field by any method keeps values that are nobody's", async () => {
  const own: UserField[] = [
    { name: "UF_CRM_NAMES", type: "string", title: "Names", multiple: true },
    { name: "UF_CRM_PAGE", type: "url", title: "Page" },
    { name: "UF_CRM_SINCE", type: "date", title: "Since" },
    { name: "UF_CRM_NUMBER", type: "integer", title: "Number" },
  ];
  const fields = [
    "lastName=contact.UF_CRM_NAMES",
    "user_link=contact.UF_CRM_PAGE",
    "registered_at=contact.UF_CRM_SINCE",
    "user_id=contact.UF_CRM_NUMBER",
    "consent.ads|yes=contact.export",
    "lastName=deal.additionalInfo",
  ].join(", ");
  const crm = await start({ fields, own, switches: { universalClearing: "kept" } });
  const { userId, contact, deal } = await arrived(crm);
  crm.portal.staff.updateContact(contact.id, { post: person.lastName });
  crm.portal.configure({ missingMethods: ["crm.contact.update", "crm.deal.update"] });
  await erasedAtOnce(crm, userId);
  expect(contact).toMatchObject({ name: nobody, lastName: nobody, post: nobody, comments: "", export: "N", fm: [] });
  expect(contact).toMatchObject({ ufCrmNames: [nobody], ufCrmPage: "https://erased.invalid", ufCrmNumber: 0 });
  expect(contact.ufCrmSince).toBe("1970-01-01");
  expect(deal.additionalInfo).toBe(nobody);
});
