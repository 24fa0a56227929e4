import { expect, test } from "vitest";
import type { Sale } from "../bitrix24/sale";
import { startComparedPerson } from "../test/compared-person";
import { makeAdmin } from "../test/factories";
import { type ConflictKind, openConflict } from "./conflicts";
import { listConflicts } from "./list";
import { type ConflictAction, resolveConflict, type Shown } from "./resolve";

/** A person whose deal is on the portal, a conflict about it, and two administrators who have opened its page. */
async function start(kind: ConflictKind = "SALE_CHANGED") {
  const one = await startComparedPerson();
  const { crm, userId, dealId } = one;
  const { db } = crm.services;
  await one.quiet();
  const price = (each: number) => {
    crm.portal.staff.setRows(dealId, [{ productId: 1777, price: each, quantity: 1 }]);
    crm.portal.staff.updateDeal(dealId, { opportunity: each });
  };
  const sold = (each: number): Sale => ({
    currency: "USD",
    amount: each,
    rows: [{ productId: 1777, price: each, quantity: 1 }],
  });
  /** What the reconciliation writes when it finds such a price. */
  const list = (each: number) =>
    openConflict(db, { kind, userId, portalId: dealId, details: { now: { ...sold(each) } as object, was: null } });
  if (kind === "SALE_CHANGED") price(39);
  await list(39);
  const listed = async () => (await listConflicts(crm.services, { userId })).conflicts[0];
  const id = (await listed())?.id ?? 0;
  const [actor, colleague] = [await makeAdmin(db), await makeAdmin(db)];
  return {
    crm,
    colleague,
    price,
    sold,
    list,
    listed,
    entered: () => structuredClone({ deal: crm.portal.deals.get(dealId), rows: crm.portal.rows.get(dealId) }),
    decide: (action: ConflictAction, shown: Shown, by = actor) =>
      resolveConflict(crm.services, { actor: by, conflictId: id, action, shown }),
  };
}

const changed = { code: "CONFLICT", details: { resolution: null, decidedBy: null } };

test("what a deal sells since the page was opened is not set back unseen, and is shown then", async () => {
  const { price, sold, listed, entered, decide } = await start();
  price(29);
  const before = entered();
  await expect(decide("restore", { sale: sold(39) })).rejects.toMatchObject(changed);
  expect(entered()).toEqual(before);
  expect(await listed()).toMatchObject({ sale: { now: sold(29) } });

  await decide("restore", { sale: sold(29) });
  expect(entered().rows).toMatchObject([{ productId: 1777, price: 49, quantity: 1 }]);
});

test("what a deal sells since the page was opened is not left as it is unseen", async () => {
  const { price, sold, list, listed, decide } = await start();
  price(29);
  await list(29);
  await expect(decide("dismiss", { sale: sold(39) })).rejects.toMatchObject(changed);
  expect(await listed()).toMatchObject({ dismissed: false, sale: { now: sold(29) } });

  await decide("dismiss", { sale: sold(29) });
  expect(await listed()).toMatchObject({ dismissed: true });
});

test("a sale that was left as it is and has changed since is not set back unseen, and is opened again", async () => {
  const { price, sold, listed, entered, decide } = await start();
  await decide("dismiss", { dismissed: false, sale: sold(39) });
  price(29);
  const before = entered();
  await expect(decide("restore", { dismissed: true, sale: sold(39) })).rejects.toMatchObject(changed);
  expect(entered()).toEqual(before);
  expect(await listed()).toMatchObject({ dismissed: false, sale: { now: sold(29) } });
});

test("what managers have set back themselves, with another product beside it, is neither written nor listed", async () => {
  const { crm, sold, listed, entered, decide } = await start();
  const { portalId } = await crm.services.db.conflict.findFirstOrThrow();
  crm.portal.staff.setRows(portalId, [
    { productId: 1777, price: 49, quantity: 1 },
    { productId: 1800, price: 10, quantity: 2 },
  ]);
  const before = entered();
  await expect(decide("restore", { sale: sold(39) })).rejects.toMatchObject(changed);
  expect(entered()).toEqual(before);
  expect(await listed()).toMatchObject({ sale: { now: sold(39) } });
});

test("a restoring of which the portal refused a part is tried again from the same page", async () => {
  const { crm, sold, entered, decide } = await start();
  crm.portal.fail({ kind: "insufficientScope", method: "crm.item.productrow.set" });
  await expect(decide("restore", { sale: sold(39) })).rejects.toMatchObject({ name: "Bitrix24Error" });
  crm.portal.clearFaults();
  await decide("restore", { sale: sold(39) });
  expect(entered()).toMatchObject({ deal: { opportunity: 49 }, rows: [{ productId: 1777, price: 49, quantity: 1 }] });
});

test("a page that shows a conflict as open does not overrule a colleague who has left it as it is", async () => {
  const { colleague, listed, decide } = await start("DEAL_DELETED");
  await decide("dismiss", { dismissed: false }, colleague);
  await expect(decide("recreate", { dismissed: false })).rejects.toMatchObject({
    code: "CONFLICT",
    details: { resolution: "dismiss", decidedBy: { kind: "USER", id: colleague.id } },
  });
  expect(await listed()).toMatchObject({ dismissed: true });

  await decide("recreate", { dismissed: true });
  expect(await listed()).toBeUndefined();
});
