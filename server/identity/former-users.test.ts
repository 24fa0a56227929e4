import { expect, test } from "vitest";
import { arrived } from "../test/corrections";
import { startCrm } from "../test/crm";
import { type Garble, garbled } from "../test/garbled-answers";
import { ofFormerUsers } from "./former-users";

/** A deal with the external id of a present user, older than that user, and its main contact, which is another person's. */
async function start(garble: (contactId: number) => Garble = () => () => undefined) {
  let contactId = 0;
  const crm = await startCrm({
    gateway: garbled((...answer) => garble(contactId)(...answer)),
  });
  crm.newWorker().start();
  const userId = await arrived(crm);
  const { staff } = crm.portal;
  const contact = staff.addContact({ name: "Former" }, { emails: ["former@example.com"] });
  const deal = staff.addDeal({ ...(await crm.mark(userId)), title: "Сделка" });
  staff.linkContacts(deal.id, [contact.id]);
  contactId = contact.id;
  const record = { isDeal: true, id: deal.id, userId, madeAt: new Date("2020-01-01") };
  const { db, bitrix24 } = crm.services;
  return { crm, deal, found: async () => (await ofFormerUsers(db, bitrix24.client, [record])).length };
}

test("a deal that is older than the user whose number it has was made for a former one", async () => {
  const { found } = await start();
  expect(await found()).toBe(1);
});

test("a deal that the portal does not tell proves no former user, and ends no look at the portal", async () => {
  const { crm, found } = await start();
  crm.portal.fail({ kind: "command", method: "crm.item.get" });
  expect(await found()).toBe(0);
});

test("a contact that is told as no contact is proves no former user, and ends no look at the portal", async () => {
  const { found } = await start((contactId) => ({ method, params }, result) => {
    const { items } = (result ?? {}) as { items?: Record<string, unknown>[] };
    if (method !== "crm.item.list" || Number(params.entityTypeId) !== 3 || !items) return undefined;
    return { items: items.map((item) => (Number(item.id) === contactId ? { ...item, fm: "none" } : item)) };
  });
  expect(await found()).toBe(0);
});
