import { expect, test } from "vitest";
import type { FirstOptions } from "../../e2e/portal/settings";
import { setPaid } from "../payments/payments";
import { startComparedPerson } from "../test/compared-person";
import { admin } from "../test/factories";
import { reconcileAll } from "../test/reconcile";

const colleague = (name: string) => ({ name, lastName: "", email: "", active: true, admin: false });

/** The webhook's owner sees all deals, and of contacts those that are their own. */
const employee: FirstOptions = {
  users: [
    { ...colleague("Ivan"), id: 1, department: 1, rights: { contact: { read: "own" } } },
    { ...colleague("Nina"), id: 2, department: 2 },
  ],
};

/** One person with a complete deal, on a portal where the webhook's owner reads only own contacts. */
async function start() {
  const { crm, userId, user, dealId, contactId, quiet } = await startComparedPerson({
    env: { BITRIX24_PAID_STAGE_ID: "WON" },
    portal: employee,
  });
  const { db } = crm.services;
  const { crmSale } = await user();
  return {
    crm,
    userId,
    dealId,
    contactId,
    stage: () => crm.portal.deals.get(dealId)?.stageId,
    kinds: async () => (await db.conflict.findMany({ where: { resolvedAt: null } })).map(({ kind }) => kind),
    /** An administrator chose the deal, or it bears the mark from before marks had a part of their own. */
    async becomes(whose: "chosen" | "legacy") {
      const { legacy } = await crm.services.bitrix24.marks();
      crm.portal.staff.updateDeal(dealId, { originatorId: whose === "legacy" ? legacy : "" });
      if (whose === "chosen")
        await db.user.update({ where: { id: userId }, data: { crmSale: { ...(crmSale as object), chosen: true } } });
    },
    /** The payment changes, and the night's reconciliation has passed as well. */
    async pay() {
      await setPaid(crm.services, { actor: admin, userId, isPaid: true, origin: "page" });
      await quiet();
      await reconcileAll(crm);
    },
  };
}

test.each(["chosen", "legacy"] as const)(
  "a %s deal whose contact another department has taken over stays the person's",
  async (whose) => {
    const { crm, contactId, becomes, pay, stage, kinds } = await start();
    await becomes(whose);
    crm.portal.staff.assignContact(contactId, 2);
    await pay();
    expect(await kinds()).toEqual([]);
    expect(stage()).toBe("WON");
  },
);

test.each(["chosen", "legacy"] as const)(
  "a %s deal with another contact that cannot be read is left alone and not called deleted",
  async (whose) => {
    const { crm, dealId, becomes, pay, stage, kinds } = await start();
    await becomes(whose);
    const hidden = crm.portal.staff.addContact({ name: "Hidden", assignedById: 2 });
    crm.portal.staff.linkContacts(dealId, [hidden.id]);
    await pay();
    expect(await kinds()).toEqual([]);
    expect(stage()).toBe("NEW");
  },
);

test.each(["chosen", "legacy"] as const)(
  "a %s deal with a readable contact of another person is left alone, and the person's is called deleted",
  async (whose) => {
    const { crm, dealId, becomes, pay, stage, kinds } = await start();
    await becomes(whose);
    const stranger = crm.portal.staff.addContact(
      { name: "Stranger", assignedById: 1 },
      { emails: ["stranger@example.com"] },
    );
    crm.portal.staff.linkContacts(dealId, [stranger.id]);
    await pay();
    expect(await kinds()).toEqual(["DEAL_DELETED"]);
    expect(stage()).toBe("NEW");
  },
);

test.each(["chosen", "legacy"] as const)(
  "a %s deal that has the person's contact beside its main one stays the person's",
  async (whose) => {
    const { crm, dealId, contactId, becomes, pay, stage, kinds } = await start();
    await becomes(whose);
    const accountant = crm.portal.staff.addContact(
      { name: "Accountant", assignedById: 1 },
      { emails: ["accountant@example.com"] },
    );
    crm.portal.staff.linkContacts(dealId, [accountant.id, contactId]);
    await pay();
    expect(await kinds()).toEqual(["DEAL_OTHER_CONTACT"]);
    expect(stage()).toBe("WON");
  },
);

test.each(["chosen", "legacy"] as const)(
  "the payment of a %s deal waits while the portal does not tell the contacts beside its main one",
  async (whose) => {
    const { crm, userId, dealId, contactId, becomes, stage, kinds } = await start();
    const { db } = crm.services;
    await becomes(whose);
    const accountant = crm.portal.staff.addContact(
      { name: "Accountant", assignedById: 1 },
      { emails: ["accountant@example.com"] },
    );
    crm.portal.staff.linkContacts(dealId, [accountant.id, contactId]);
    crm.portal.fail({ kind: "command", method: "crm.item.get", match: ({ params }) => Number(params.id) === dealId });
    await setPaid(crm.services, { actor: admin, userId, isPaid: true, origin: "page" });
    await expect.poll(() => db.alert.findMany({ where: { kind: "unread" } })).toMatchObject([{ facts: { userId } }]);
    expect(await kinds()).toEqual([]);
    expect(stage()).toBe("NEW");
    crm.portal.clearFaults();
    await expect.poll(stage).toBe("WON");
  },
);
