import type { Deal } from "../crm/records";
import { formatDateTime } from "../protocol/dates";
import { PortalError } from "../protocol/errors";
import { toCents, toInt, toNumber, type ValueMap } from "../protocol/values";
import { type Action, mayDo } from "../rights";
import type { Payment, World } from "../world";
import { type Methods, missingParameter, scoped } from "./method";

/** Payments of a deal. They never move its stage; only `orderStage` follows them. Their errors have the number 0 for a code. */
export const paymentMethods: Methods = scoped("crm", {
  "crm.item.payment.add": (world, params, { userId }) => {
    const id = world.nextId("payment");
    const payment = {
      id,
      dealId: dealIdIn(world, params, userId, "update"),
      paid: false,
      paidAt: null,
      paidBy: null,
      products: [],
    };
    world.payments.set(id, payment);
    world.version++;
    return { result: id, changed: true };
  },
  "crm.item.payment.product.add": (world, params, { userId }) => {
    if (params.paymentId === undefined) throw missingParameter(world, "paymentId");
    const { payment } = paymentWith(world, toInt(params.paymentId), userId, "update");
    const id = world.nextId("paymentProduct");
    payment.products.push({ id, rowId: toInt(params.rowId), quantity: toNumber(params.quantity) });
    world.version++;
    return { result: id, changed: true };
  },
  "crm.item.payment.get": (world, params, { userId }) => ({
    result: shape(world, paymentIn(world, params, userId, "read").payment),
  }),
  "crm.item.payment.list": (world, params, { userId }) => {
    const dealId = dealIdIn(world, params, userId, "read");
    const own = [...world.payments.values()].filter((payment) => payment.dealId === dealId);
    return { result: own.map((payment) => shape(world, payment)) };
  },
  "crm.item.payment.delete": (world, params, { userId }) => {
    const { payment, deal } = paymentIn(world, params, userId, "update");
    world.payments.delete(payment.id);
    followPayments(world, deal);
    world.version++;
    return { result: true, changed: true };
  },
  "crm.item.payment.pay": (world, params, { userId }) => settle(world, params, true, userId),
  "crm.item.payment.unpay": (world, params, { userId }) => settle(world, params, false, userId),
});

function dealIdIn(world: World, params: ValueMap, userId: number, action: Action): number {
  if (params.entityId === undefined) throw missingParameter(world, "entityId");
  if (toInt(params.entityTypeId) !== 2) throw missingParameter(world, "entityTypeId");
  const id = toInt(params.entityId);
  const deal = world.deals.byId.get(id);
  if (!deal) throw new PortalError(0, world.say("notFound"));
  requireRight(world, userId, action, deal);
  return id;
}

interface Owned {
  payment: Payment;
  deal: Deal;
}

function paymentIn(world: World, params: ValueMap, userId: number, action: Action): Owned {
  if (params.id === undefined) throw missingParameter(world, "id");
  return paymentWith(world, toInt(params.id), userId, action);
}

function paymentWith(world: World, id: number, userId: number, action: Action): Owned {
  const payment = world.payments.get(id);
  const deal = payment && world.deals.byId.get(payment.dealId);
  if (!deal) throw new PortalError(0, world.say("paymentNotFound"));
  requireRight(world, userId, action, deal);
  return { payment, deal };
}

/** Who may not do this to the deal may not do it to its payments. */
function requireRight(world: World, userId: number, action: Action, deal: Deal): void {
  if (!mayDo(world, userId, action, "deal", deal)) throw new PortalError(0, world.say("noPermission"));
}

/** The deal is paid as long as one of its payments is. */
function followPayments(world: World, deal: Deal): void {
  const own = [...world.payments.values()].filter(({ dealId }) => dealId === deal.id);
  const unpaid = own.length > 0 ? "NOT_PAID" : "";
  world.deals.update(deal, { orderStage: own.some(({ paid }) => paid) ? "PAID" : unpaid });
}

function settle(world: World, params: ValueMap, paid: boolean, by: number) {
  const { payment, deal } = paymentIn(world, params, by, "update");
  const changed = payment.paid !== paid;
  Object.assign(payment, { paid, paidAt: paid ? world.clock.stamp() : null, paidBy: paid ? by : null });
  followPayments(world, deal);
  world.version++;
  return { result: true, changed };
}

function shape(world: World, payment: Payment): ValueMap {
  const { id, dealId, paid, paidAt, paidBy, products } = payment;
  const rows = world.rows.get(dealId) ?? [];
  const sums = products.map(({ rowId, quantity }) => (rows.find((row) => row.id === rowId)?.price ?? 0) * quantity);
  return {
    id,
    accountNumber: `${dealId}/${id}`,
    paid: paid ? "Y" : "N",
    datePaid: paidAt === null ? null : formatDateTime(paidAt, world.settings.utcOffsetMinutes),
    empPaidId: paidBy,
    paySystemId: 0,
    sum: toCents(sums.reduce((total, sum) => total + sum, 0)),
    currency: world.deals.byId.get(dealId)?.currencyId ?? "",
    paySystemName: "",
  };
}
