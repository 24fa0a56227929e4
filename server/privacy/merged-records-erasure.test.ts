import { expect, test } from "vitest";
import { systemActor } from "../audit/actor";
import { startCrm } from "../test/crm";
import { userOf } from "../test/factories";
import { erasePerson } from "./erase";

/** Managers merge a new person's records into a customer's own, which the portal then gives our mark. */

const day = 86_400_000;
const person = { firstName: "Пелагея", email: "pelageya@vyrubova.example", phone: "+79167654321" };

/**
 * A portal that hands marks on, with a customer's contact and deal of a month ago, and a person who has arrived.
 * `registeredAt`: as a list states it from which the person was imported.
 */
async function start(mode: "delete" | "anonymise", { registeredAt }: { registeredAt?: Date } = {}) {
  const crm = await startCrm({
    env: { ERASE_IN_CRM: mode },
    portal: { switches: { mergedMarks: "filled" } },
  });
  const { portal } = crm;
  portal.advance(-30 * day);
  const card = portal.staff.addContact(
    { name: "Пелагея", lastName: "Вырубова", comments: "Любит звонки по утрам" },
    { phones: ["+74950001122"], emails: ["office@company.example"] },
  );
  const sale = portal.staff.addDeal({ title: "Прошлая продажа", comments: "Оплачено", contactId: card.id });
  portal.advance(30 * day);
  const userId = await crm.register({ ...person, ...(registeredAt ? { createdAt: registeredAt } : {}) });
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, userId)).crmState).toBe("SYNCED");
  const { bitrix24ContactId, bitrix24DealId } = await userOf(crm, userId);
  const erased = async () => {
    await erasePerson(crm.services, { actor: systemActor, userId, cause: "self" });
    const erasure = () => crm.services.db.erasure.findUniqueOrThrow({ where: { userId } });
    await expect.poll(async () => (await erasure()).state).toBe("done");
    return (await erasure()).counts;
  };
  const own = { contactId: bitrix24ContactId ?? 0, dealId: bitrix24DealId ?? 0 };
  return {
    crm,
    portal,
    staff: portal.staff,
    cardId: card.id,
    saleId: sale.id,
    ...own,
    mark: await crm.mark(userId),
    erased,
  };
}

for (const mode of ["delete", "anonymise"] as const) {
  test(`a customer's contact into which the person's own was merged is left as it is (${mode})`, async () => {
    const { portal, staff, cardId, contactId, dealId, mark, erased } = await start(mode);
    staff.mergeContacts([contactId, cardId], { into: cardId, settled: true });
    expect(portal.contacts.get(cardId)).toMatchObject(mark);
    const before = structuredClone(portal.contacts.get(cardId));
    const counts = await erased();
    expect(portal.contacts.get(cardId)).toEqual(before);
    // The deal was made for the person.
    if (mode === "delete") expect(portal.deals.has(dealId)).toBe(false);
    else expect(portal.deals.get(dealId)).toMatchObject({ title: expect.stringContaining("Erased"), contactIds: [] });
    // The customer's card, and the person's own contact, which is gone.
    expect(counts).toMatchObject({ left: 2 });
  });

  test(`an imported customer's deal of before the import, into which the person's own was merged, is left as it is (${mode})`, async () => {
    const registeredAt = new Date(Date.now() - 365 * day);
    const { portal, staff, saleId, contactId, dealId, mark, erased } = await start(mode, { registeredAt });
    staff.mergeDeals([dealId, saleId], { into: saleId, settled: true });
    staff.makeMain(saleId, contactId);
    expect(portal.deals.get(saleId)).toMatchObject({ ...mark, contactId });
    const before = structuredClone(portal.deals.get(saleId));
    await erased();
    expect(portal.deals.get(saleId)).toMatchObject({ title: before?.title, comments: before?.comments });
  });

  test(`a customer's deal into which the person's own was merged is left as it is (${mode})`, async () => {
    const { portal, staff, cardId, saleId, contactId, dealId, mark, erased } = await start(mode);
    staff.mergeDeals([dealId, saleId], { into: saleId, settled: true });
    staff.makeMain(saleId, contactId);
    expect(portal.deals.get(saleId)).toMatchObject({ ...mark, contactId });
    const before = structuredClone(portal.deals.get(saleId));
    await erased();
    const after = portal.deals.get(saleId);
    const expected = mode === "delete" ? { contactIds: [cardId] } : { contactIds: [contactId, cardId] };
    expect(after).toMatchObject({ title: before?.title, comments: before?.comments, ...expected });
    // The person's contact was made for them.
    expect(portal.contacts.get(contactId)?.name ?? "").not.toContain("Пелагея");
  });
}
