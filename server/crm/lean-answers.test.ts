import { expect, test } from "vitest";
import { setPaid } from "../payments/payments";
import { readPortalState } from "../queue/circuit-breaker";
import { noJobsLeft, startCrm } from "../test/crm";
import { admin } from "../test/factories";
import { garbled } from "../test/garbled-answers";
import { reconcileAll } from "../test/reconcile";

const paidStage = { BITRIX24_PAID_STAGE_ID: "WON", BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1" };

/** Of an item nothing but its id. */
const lean = (result: unknown) => {
  const { item } = (result ?? {}) as { item?: { id: number } };
  return item ? { item: { id: item.id } } : undefined;
};

/** Yes and no as booleans, at any depth. */
function asBooleans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asBooleans);
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asBooleans(each)]));
  return value === "Y" ? true : value === "N" ? false : value;
}

test("a portal that answers to writing with the id alone gets everybody once, and follows payments", async () => {
  const crm = await startCrm({
    env: paidStage,
    gateway: garbled(({ method }, result) => (/^crm\.item\.(add|update)$/.test(method) ? lean(result) : undefined)),
  });
  const { portal, services, lines } = crm;
  const ids = [await crm.register(), await crm.register()];
  await services.db.user.updateMany({ data: { isPaid: true } });
  crm.newWorker().start();
  await expect.poll(() => services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(ids.length);
  await expect.poll(() => [...portal.deals.values()].map(({ stageId }) => stageId)).toEqual(["WON", "WON"]);
  const outgoing = () => services.db.dealSnapshot.count({ where: { pushedPaid: { not: null } } });
  await expect.poll(outgoing).toBe(0);
  expect(await services.db.conflict.count()).toBe(0);
  expect(await services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
  expect((await readPortalState(services)).pausedBy).toBeNull();
  expect(lines.filter(({ msg }) => msg === "the portal stored another amount than was sent")).toEqual([]);
});

test("a portal that writes yes and no as booleans gets everybody once, and a template is no deal of theirs", async () => {
  const crm = await startCrm({ gateway: garbled((_command, result) => asBooleans(result)) });
  const { portal, services } = crm;
  portal.fail({ kind: "command", method: "crm.item.productrow.set", code: "LATER", times: 1 });
  const person = { email: "anna@example.com", phone: "+79990001122" };
  const id = await crm.register(person);
  const mark = await crm.mark(id);
  const contact = portal.staff.addContact({ name: "Анна", ...mark }, { emails: [person.email] });
  const template = portal.staff.addDeal({ title: "Анна", contactId: contact.id, isRecurring: "Y", ...mark });
  crm.newWorker().start();
  await expect.poll(() => services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(1);
  const { bitrix24DealId } = await services.db.user.findUniqueOrThrow({ where: { id } });
  expect(bitrix24DealId).not.toBe(template.id);
  expect([portal.contacts.size, portal.deals.size]).toEqual([1, 2]);
  expect((await readPortalState(services)).pausedBy).toBeNull();
});

/** The records of an answer without these fields. */
function without(fields: string[], result: unknown) {
  const { item, items } = (result ?? {}) as { item?: object; items?: object[] };
  const shorten = (record: object) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => !fields.includes(key)));
  if (item) return { item: shorten(item) };
  return items ? { items: items.map(shorten) } : undefined;
}

test("a portal that tells neither time of change nor funnel has its deals moved, and a changed sale is seen", async () => {
  const untold = ["updatedTime", "categoryId"];
  const crm = await startCrm({
    env: { ...paidStage, BITRIX24_CATEGORY_ID: "1", BITRIX24_PAID_STAGE_ID: "C1:WON" },
    portal: {
      funnels: [
        { id: 0, name: "Sales" },
        { id: 1, name: "Courses" },
      ],
    },
    gateway: garbled(({ method }, result) => (/^crm\.item\./.test(method) ? without(untold, result) : undefined)),
  });
  const { portal, services } = crm;
  const userId = await crm.register();
  crm.newWorker().start();
  await expect.poll(() => services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(1);
  await setPaid(services, { actor: admin, userId, isPaid: true, origin: "page" });
  await noJobsLeft(services.db);
  const [deal] = [...portal.deals.values()];
  expect(deal?.stageId).toBe("C1:WON");
  const look = async () => {
    await reconcileAll({ services });
    return (await services.db.conflict.findMany({ where: { resolvedAt: null } })).map(({ kind }) => kind);
  };
  expect(await look()).toEqual([]);
  portal.staff.setRows(deal?.id ?? 0, []);
  expect(await look()).toEqual(["SALE_CHANGED"]);
});
