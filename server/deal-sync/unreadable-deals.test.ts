import { expect, test } from "vitest";
import { resolveConflict } from "../conflicts/resolve";
import { setPaid } from "../payments/payments";
import { startCrm } from "../test/crm";
import { admin } from "../test/factories";
import { type Garble, garbled } from "../test/garbled-answers";
import { reconcileAll } from "../test/reconcile";

/** Three synced people; from then on the portal lists the second one's deal in a form that cannot be parsed. */
async function start(odd: Record<string, unknown>) {
  let oddId: number | null = null;
  const garble: Garble = ({ method }, result) => {
    const { items } = result as { items?: Record<string, unknown>[] };
    if (method !== "crm.item.list" || !oddId || !items) return undefined;
    return {
      items: items.map((item) => (Number(item.id) === oddId && "stageId" in item ? { ...item, ...odd } : item)),
    };
  };
  const crm = await startCrm({
    env: { BITRIX24_PAID_STAGE_ID: "WON" },
    gateway: garbled(garble),
  });
  const ids = [await crm.register(), await crm.register(), await crm.register()];
  crm.newWorker().start();
  const { db } = crm.services;
  await expect.poll(() => db.user.count({ where: { crmState: "SYNCED" } })).toBe(3);
  const rows = await db.user.findMany({ where: { id: { in: ids } }, orderBy: { id: "asc" } });
  oddId = rows[1]?.bitrix24DealId ?? null;
  return { crm, ids, deals: rows.map(({ bitrix24DealId }) => bitrix24DealId as number) };
}

const oddities: [name: string, fields: Record<string, unknown>][] = [
  ["without an id", { id: null }],
  ["with an id that the database cannot keep", { id: 3_000_000_000 }],
  ["with a list for its stage", { stageId: ["NEW"] }],
  ["without a stage", { stageId: null }],
  ["with a stage of no funnel and no semantic", { stageId: "GONE", stageSemanticId: null }],
  ["with a contact that the database cannot keep", { contactId: 3_000_000_000 }],
];

test.each(oddities)("a deal %s holds up no payment that is compared with it", async (_name, fields) => {
  const { crm, ids, deals } = await start(fields);
  for (const userId of ids) await setPaid(crm.services, { actor: admin, userId, isPaid: true, origin: "page" });
  const stages = () => deals.map((id) => crm.portal.deals.get(id)?.stageId);
  await expect.poll(stages).toEqual(["WON", "NEW", "WON"]);
  expect(await crm.services.db.conflict.count()).toBe(0);
});

test.each(oddities)("a deal %s stops no reconciliation, and is not taken for a lost one", async (_name, fields) => {
  const { crm, ids, deals } = await start(fields);
  crm.portal.staff.moveDeal(deals[2] as number, "WON");
  expect(await reconcileAll(crm)).toEqual({ started: true });
  const paid = await crm.services.db.user.findMany({ where: { isPaid: true }, select: { id: true } });
  expect(paid).toEqual([{ id: ids[2] }]);
  expect(await crm.services.db.conflict.count()).toBe(0);
  expect(crm.lines.filter(({ msg }) => msg === "worker turn failed, retrying")).toEqual([]);
});

test("a lost deal whose semantic the portal leaves out is known by its funnel's stages", async () => {
  const { crm, ids, deals } = await start({ stageSemanticId: null });
  crm.portal.staff.moveDeal(deals[1] as number, "LOSE");
  await setPaid(crm.services, { actor: admin, userId: ids[1] as number, isPaid: true, origin: "page" });
  const { db } = crm.services;
  await expect.poll(() => db.conflict.findMany({ select: { kind: true } })).toEqual([{ kind: "DEAL_LOST" }]);
  expect(crm.portal.deals.get(deals[1] as number)?.stageId).toBe("LOSE");
  const { id: conflictId } = await db.conflict.findFirstOrThrow();
  await resolveConflict(crm.services, { actor: admin, conflictId, action: "accept" });
  expect(await db.user.count({ where: { isPaid: true } })).toBe(0);
});

test("a changed currency stays listed where the portal leaves the currency out for once", async () => {
  const odd: Record<string, unknown> = {};
  const { crm, deals } = await start(odd);
  const listed = () => crm.services.db.conflict.findMany({ where: { resolvedAt: null }, select: { kind: true } });
  const reconcile = () => reconcileAll(crm);
  crm.portal.staff.updateDeal(deals[1] as number, { currencyId: "EUR" });
  await reconcile();
  await expect.poll(listed).toEqual([{ kind: "SALE_CHANGED" }]);
  odd.currencyId = null;
  crm.portal.advance(10_000);
  crm.portal.staff.updateDeal(deals[1] as number, { title: "Edited" });
  await reconcile();
  expect(await listed()).toEqual([{ kind: "SALE_CHANGED" }]);
});

test.each([
  ["a currency with half a character", { currencyId: "US\ud800D" }],
  ["a currency with a NUL", { currencyId: "US\0D" }],
  ["an endless currency", { currencyId: "U".repeat(1_000_000) }],
  ["an endless stage", { stageId: "N".repeat(1_000_000) }],
  ["a stage with half a character", { stageId: "NEW\udc00" }],
  ["an amount beyond every number", { opportunity: "1e999" }],
  ["an amount that is none", { opportunity: "many" }],
  ["a time with half a character", { updatedTime: "\ud800" }],
])("%s is that deal's matter alone, and ends no round", async (_name, fields) => {
  const { crm, ids, deals } = await start(fields);
  crm.portal.staff.moveDeal(deals[2] as number, "WON");
  expect(await reconcileAll(crm)).toEqual({ started: true });
  expect(await crm.services.db.user.findMany({ where: { isPaid: true }, select: { id: true } })).toEqual([
    { id: ids[2] },
  ]);
  expect(crm.lines.filter(({ msg }) => msg === "worker turn failed, retrying")).toEqual([]);
});

test("a stage with a NUL, which no text of the database holds, ends no round", async () => {
  const { crm, deals } = await start({ stageId: "NE\0W" });
  expect(await reconcileAll(crm)).toEqual({ started: true });
  expect(crm.portal.deals.get(deals[1] as number)?.stageId).toBe("NEW");
  expect(crm.lines.filter(({ msg }) => msg === "worker turn failed, retrying")).toEqual([]);
});
