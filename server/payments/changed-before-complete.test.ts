import { expect, test } from "vitest";
import { markConfirmed } from "../confirmation/confirm";
import { takeEvent } from "../deal-sync/webhook";
import { type CrmHarness, noJobsLeft, startCrm } from "../test/crm";
import { sweepPaid } from "./enqueue-paid";

// What happens between two attempts of a registration has nothing to be compared with: it counts once the registration
// is complete.

const state = ({ services }: CrmHarness, id: number) => services.db.user.findUniqueOrThrow({ where: { id } });

/** A registration whose deal is made, and whose product the portal does not take until `mend` is called. */
async function startWithoutProduct() {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const mend = crm.portal.fail({ kind: "command", method: "crm.item.productrow.set", code: "LATER" });
  const { id: contactId } = crm.portal.staff.addContact({ name: "Анна" }, { emails: ["anna@example.com"] });
  const id = await crm.register({ email: "anna@example.com", phone: "+79997770011" });
  crm.newWorker().start();
  await expect.poll(async () => (await state(crm, id)).crmAttempts).toBeGreaterThan(0);
  const { bitrix24DealId: dealId } = await state(crm, id);
  const complete = async () => {
    mend();
    await expect.poll(async () => (await state(crm, id)).crmState).toBe("SYNCED");
    await noJobsLeft(crm.services.db);
  };
  return { crm, id, contactId, dealId: dealId ?? 0, complete };
}

test("a deal that managers won before its registration was complete is paid once it is", async () => {
  const { crm, id, dealId, complete } = await startWithoutProduct();
  crm.portal.staff.moveDeal(dealId, "WON");
  await complete();
  expect(await state(crm, id)).toMatchObject({ isPaid: true });
});

test("an e-mail that was confirmed before the registration was complete gives the contact its missing phone once it is", async () => {
  const { crm, id, contactId, complete } = await startWithoutProduct();
  expect(await state(crm, id)).toMatchObject({ crmContactBy: "email", bitrix24ContactId: contactId });
  const { db, queue } = crm.services;
  await db.$transaction((tx) => markConfirmed(tx, queue, id));
  await complete();
  expect(await state(crm, id)).toMatchObject({ crmContactBy: "confirmed" });
  expect(JSON.stringify(crm.portal.contacts.get(contactId))).toContain("+79997770011");
});

test("an event about a deal that comes before the deal's id is stored is followed once the registration is complete", async () => {
  const token = "token-of-the-outgoing-webhook";
  const storedIds: (number | null)[] = [];
  const crm: CrmHarness = await startCrm({
    env: { BITRIX24_PAID_STAGE_ID: "WON", BITRIX24_EVENT_TOKEN: token },
    gateway: {
      answer: async (_method, text) => {
        const [deal] = crm.portal.deals.values();
        if (!deal || storedIds.length > 0) return text;
        storedIds.push((await crm.services.db.user.findFirstOrThrow()).bitrix24DealId);
        crm.portal.staff.moveDeal(deal.id, "WON");
        const event = { event: "ONCRMDEALUPDATE", "data[FIELDS][ID]": `${deal.id}`, "auth[application_token]": token };
        await takeEvent(crm.services, new URLSearchParams(event).toString());
        return text;
      },
    },
  });
  const id = await crm.register();
  crm.newWorker().start();
  await expect.poll(async () => (await state(crm, id)).crmState).toBe("SYNCED");
  // As a worker does once a minute.
  await sweepPaid(crm.services, null);
  await expect.poll(async () => (await state(crm, id)).isPaid).toBe(true);
  expect(storedIds).toEqual([null]);
});
