import { expect, test } from "vitest";
import { resolveConflict } from "../conflicts/resolve";
import { startComparedPerson } from "../test/compared-person";
import { admin } from "../test/factories";

/** Deals that were created here, but only the portal knows it: none of them may be made a second time. */

const hour = 3_600_000;
const day = 24 * hour;

async function start() {
  const one = await startComparedPerson({ env: { BITRIX24_SETTLE_MS: "3000" } });
  const { crm, userId, dealId, contactId, user } = one;
  const { db } = crm.services;
  const sold = structuredClone(crm.portal.rows.get(dealId) ?? []);
  return {
    ...one,
    /** The deal was logged a month ago. */
    age: () => db.crmLog.updateMany({ where: { userId }, data: { at: new Date(Date.now() - 30 * day) } }),
    /** The deal that this database had made again before it was put back to a state that knows the first one alone. */
    async addForgotten() {
      const fields = { title: "Made again", currencyId: "USD", contactIds: [contactId], ...(await crm.mark(userId)) };
      const { id } = crm.portal.staff.addDeal(fields);
      crm.portal.staff.setRows(
        id,
        sold.map((row) => ({ ...row })),
      );
      return id;
    },
    async recreate() {
      const { id } = await db.conflict.findFirstOrThrow({ where: { resolvedAt: null } });
      await resolveConflict(crm.services, { actor: admin, conflictId: id, action: "recreate" });
    },
    /** The person's deal is this one, the only one on the portal, with one product row. */
    async isAlone(expected: number) {
      await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
      expect((await user()).bitrix24DealId).toBe(expected);
      expect(expected).not.toBe(dealId);
      expect([...crm.portal.deals.keys()]).toEqual([expected]);
      expect(crm.portal.rows.get(expected)).toHaveLength(1);
    },
  };
}

type One = Awaited<ReturnType<typeof start>>;

/** Two ways in which a database shows that it was put back. */
const puttingBack: [string, (one: One) => Promise<unknown>][] = [
  [
    "restored",
    ({ crm }) => {
      const data = { restoredAt: new Date() };
      return crm.services.db.crmPortal.upsert({ where: { id: 1 }, create: { id: 1, ...data }, update: data });
    },
  ],
  [
    "given a new mark",
    ({ crm }) => crm.services.db.installation.update({ where: { id: 1 }, data: { part: "abcdefghjkm2" } }),
  ],
];

test.each([
  ["ahead", 2 * hour],
  ["behind", -2 * hour],
])("a deal made again by a request without an answer is found on a portal whose clock is %s", async (_name, skew) => {
  const one = await start();
  const { crm, dealId, night } = one;
  crm.portal.staff.deleteDeal(dealId);
  await night();
  crm.portal.advance(skew);
  const match = ({ params }: { params: Record<string, unknown> }) => String(params.entityTypeId) === "2";
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.add", match, times: 1 });
  await one.recreate();
  await expect.poll(() => crm.portal.deals.size).toBe(1);
  const [made = 0] = crm.portal.deals.keys();
  await one.isAlone(made);
});

test.each(puttingBack)("a database that was %s takes the deal that it had made again", async (_name, putBack) => {
  const one = await start();
  await one.age();
  const forgotten = await one.addForgotten();
  one.crm.portal.staff.deleteDeal(one.dealId);
  await putBack(one);
  await one.night();
  await one.isAlone(forgotten);
  expect(await one.open()).toEqual([]);
});

test.each(puttingBack)(
  "a database that was %s makes no further deal where one is asked for",
  async (_name, putBack) => {
    const one = await start();
    await one.age();
    one.crm.portal.staff.deleteDeal(one.dealId);
    await one.night();
    const forgotten = await one.addForgotten();
    await putBack(one);
    await one.recreate();
    await one.isAlone(forgotten);
  },
);

test("a sale that managers copy after the database was put back is their own", async () => {
  const one = await start();
  const { crm, dealId } = one;
  await crm.services.db.crmPortal.updateMany({ data: { restoredAt: new Date() } });
  crm.portal.advance(30 * day);
  const { template, made } = crm.portal.staff.makeRecurring(dealId);
  crm.portal.staff.deleteDeal(dealId);
  await one.night();
  expect(await one.open()).toEqual([["DEAL_DELETED", dealId]]);
  await one.recreate();
  await expect.poll(() => crm.portal.deals.size).toBe(3);
  await expect.poll(async () => (await one.user()).crmState).toBe("SYNCED");
  expect([dealId, template.id, made.id]).not.toContain((await one.user()).bitrix24DealId);
});
