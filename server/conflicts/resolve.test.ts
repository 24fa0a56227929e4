import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { User } from "../../prisma/generated/client";
import { noteMade } from "../crm/recognise";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { makeAdmin, makeUser } from "../test/factories";
import { type ConflictKind, endConflicts, openConflict } from "./conflicts";
import { type ConflictAction, conflictActions, resolveConflict } from "./resolve";

let crm: CrmHarness;
let actor: Awaited<ReturnType<typeof makeAdmin>>;
beforeAll(async () => {
  crm = await createCrmHarness({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  actor = await makeAdmin(crm.services.db);
});
afterEach(() => crm.portal.clearFaults());
afterAll(() => crm.close());

const kinds = Object.keys(conflictActions) as ConflictKind[];
/** Without `choose`, which needs deals to choose from: see choose-deal.test.ts. */
type PlainAction = Exclude<ConflictAction, "choose">;
const actions: PlainAction[] = ["recreate", "force", "accept", "remove", "restore", "follow", "dismiss"];
const isDuplicate = (kind: ConflictKind) => kind === "DUPLICATE_DEAL" || kind === "DUPLICATE_CONTACT";

interface Case {
  user: User;
  conflictId: number;
  /** The record that the conflict is about. */
  portalId: number;
  decide(action: ConflictAction): Promise<void>;
}

/** A paid person with records on the portal, and a conflict about their deal or contact, or about its duplicate. */
async function makeConflict(kind: ConflictKind): Promise<Case> {
  const { portal, services } = crm;
  const contact = portal.staff.addContact({ name: "Анна" });
  const deal = portal.staff.addDeal({ title: "Заявка", ...(kind === "DEAL_LOST" ? { stageId: "LOSE" } : {}) });
  const user = await makeUser(services.db, {
    crmState: "SYNCED",
    isPaid: true,
    bitrix24ContactId: contact.id,
    bitrix24DealId: deal.id,
    dealSnapshot: { create: { stageId: "NEW", updatedTime: "", agreedPaid: true } },
  });
  const mark = await crm.mark(user.id);
  if (kind === "SALE_CHANGED") portal.staff.updateDeal(deal.id, mark);
  const double =
    isDuplicate(kind) && (kind === "DUPLICATE_DEAL" ? portal.staff.addDeal(mark) : portal.staff.addContact(mark));
  if (double)
    await noteMade(services.db, user.id, kind === "DUPLICATE_DEAL" ? { dealId: double.id } : { contactId: double.id });
  const other = kind === "DEAL_OTHER_CONTACT" && portal.staff.addContact({ name: "Бухгалтер" });
  if (other) portal.staff.linkContacts(deal.id, [other.id, contact.id]);
  const about = double || other || (kind === "CONTACT_DELETED" ? contact : deal);
  const portalId = about.id;
  await openConflict(services.db, { kind, userId: user.id, portalId });
  const { id: conflictId } = await services.db.conflict.findFirstOrThrow({ where: { userId: user.id } });
  return {
    user,
    conflictId,
    portalId,
    decide: async (action) => void (await resolveConflict(services, { actor, conflictId, action })),
  };
}

const idsOf = ({ bitrix24DealId, bitrix24ContactId }: User) => ({ bitrix24DealId, bitrix24ContactId });
const conflictOf = ({ conflictId }: Case) => crm.services.db.conflict.findUniqueOrThrow({ where: { id: conflictId } });
const userOf = ({ user }: Case) =>
  crm.services.db.user.findUniqueOrThrow({ where: { id: user.id }, include: { dealSnapshot: true } });
/** Whether the record that the conflict is about still exists on the portal. */
const stands = (kind: ConflictKind, { portalId }: Case) =>
  (["DUPLICATE_CONTACT", "CONTACT_DELETED", "DEAL_OTHER_CONTACT"].includes(kind)
    ? crm.portal.contacts
    : crm.portal.deals
  ).has(portalId);
const decisions = ({ user }: Case) =>
  crm.services.db.auditEntry.findMany({ where: { action: "conflict.resolve", targetId: user.id } });
async function jobsOf({ user }: Case): Promise<string[]> {
  const { rows } = await crm.services.pool.query<{ name: string }>(
    `select name from pgboss.job where state = 'created' and singleton_key = $1`,
    [String(user.id)],
  );
  return rows.map(({ name }) => name);
}

for (const kind of kinds)
  for (const action of actions) {
    const allowed = (conflictActions[kind] as readonly string[]).includes(action);
    test(`${kind}: ${action} is ${allowed ? "carried out once and on record" : "refused"}`, async () => {
      const one = await makeConflict(kind);
      if (!allowed) {
        await expect(one.decide(action)).rejects.toMatchObject({ code: "INVALID" });
        expect(await conflictOf(one)).toMatchObject({ resolvedAt: null, resolution: null });
        expect(await userOf(one)).toMatchObject(one.user);
        expect([await decisions(one), await jobsOf(one)]).toEqual([[], []]);
        return;
      }
      await one.decide(action);
      expect(await conflictOf(one)).toMatchObject({ resolvedAt: expect.any(Date), resolution: action });
      expect(await decisions(one)).toMatchObject([{ actorKind: "USER", actorId: actor.id, details: { kind, action } }]);
      await expect(one.decide(action)).rejects.toMatchObject({
        code: "CONFLICT",
        details: { resolution: action, decidedBy: { kind: "USER", id: actor.id } },
      });
      expect(await decisions(one)).toHaveLength(1);
      await checks[action](one, kind);
    });
  }

/** The result of each action. */
const checks: Record<PlainAction, (one: Case, kind: ConflictKind) => Promise<void>> = {
  async recreate(one, kind) {
    const { user } = one;
    const after = await userOf(one);
    expect(after.crmState).toBe("PENDING");
    // Only the id of a deleted deal is cleared: the next attempt drops that of a contact if it is really gone.
    if (kind === "DEAL_DELETED")
      expect(after).toMatchObject({
        bitrix24DealId: null,
        bitrix24ContactId: user.bitrix24ContactId,
        dealSnapshot: null,
      });
    else expect(after).toMatchObject(idsOf(user));
    expect(await jobsOf(one)).toEqual(["crm-registration"]);
  },
  async force(one, kind) {
    expect(await userOf(one)).toMatchObject({ ...one.user, dealSnapshot: { forced: kind === "DEAL_LOST" } });
    expect(await jobsOf(one)).toEqual(["crm-payment"]);
  },
  async accept(one) {
    expect(await userOf(one)).toMatchObject({ isPaid: false, paidAt: null });
    const changes = await crm.services.db.paymentChange.findMany({ where: { userId: one.user.id } });
    expect(changes).toMatchObject([{ isPaid: false, actorKind: "USER", actorId: actor.id, origin: "page" }]);
  },
  async remove(one, kind) {
    expect(stands(kind, one)).toBe(false);
    expect(crm.portal.deals.has(one.user.bitrix24DealId ?? 0)).toBe(true);
    expect(crm.portal.contacts.has(one.user.bitrix24ContactId ?? 0)).toBe(true);
    expect(await userOf(one)).toMatchObject(one.user);
  },
  async restore(one) {
    expect(crm.portal.deals.get(one.portalId)).toMatchObject({ currencyId: "USD", opportunity: 49 });
    expect(crm.portal.rows.get(one.portalId)).toMatchObject([{ productId: 1777, price: 49, quantity: 1 }]);
    expect(await userOf(one)).toMatchObject(one.user);
  },
  async follow(one) {
    expect(await userOf(one)).toMatchObject({ bitrix24ContactId: one.portalId, crmContactBy: "manager" });
    expect(crm.portal.deals.has(one.user.bitrix24DealId ?? 0)).toBe(true);
  },
  async dismiss(one, kind) {
    expect(await userOf(one)).toMatchObject(one.user);
    expect(stands(kind, one)).toBe(true);
    expect(await jobsOf(one)).toEqual([]);
  },
};

test("a payment is not taken back once managers have reopened and won the deal, nor while the portal does not answer", async () => {
  const one = await makeConflict("DEAL_LOST");
  crm.portal.fail({ kind: "502", times: 1 });
  await expect(one.decide("accept")).rejects.toMatchObject({ name: "Bitrix24Error" });
  crm.portal.staff.moveDeal(one.portalId, "WON");
  await expect(one.decide("accept")).rejects.toMatchObject({ code: "CONFLICT", details: { resolution: null } });
  expect(await conflictOf(one)).toMatchObject({ resolvedAt: null });
  expect((await userOf(one)).isPaid).toBe(true);
  expect([await decisions(one), await jobsOf(one)]).toEqual([[], ["crm-payment"]]);
});

test("an unknown conflict is not found", async () => {
  const decided = resolveConflict(crm.services, { actor, conflictId: 2_000_000_000, action: "dismiss" });
  await expect(decided).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("of decisions taken at the same moment one counts, and the others are told", async () => {
  const one = await makeConflict("DEAL_LOST");
  const outcomes = await Promise.allSettled([one.decide("force"), one.decide("accept"), one.decide("dismiss")]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const outcome of outcomes)
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "CONFLICT" });
  expect(await decisions(one)).toHaveLength(1);
  const { resolution } = await conflictOf(one);
  expect((await userOf(one)).isPaid).toBe(resolution !== "accept");
});

test("a worker that agrees at once does not turn a decision into a conflict", async () => {
  const one = await makeConflict("DEAL_LOST");
  const { queue } = crm.services;
  const eager: typeof queue = {
    ...queue,
    async enqueueMany(tx, name, userIds) {
      await queue.enqueueMany(tx, name, userIds);
      for (const userId of userIds) await endConflicts(tx, [userId], ["DEAL_LOST"]);
    },
  };
  await resolveConflict({ ...crm.services, queue: eager }, { actor, conflictId: one.conflictId, action: "accept" });
  expect(await conflictOf(one)).toMatchObject({ resolution: "accept" });
});

test("a conflict that resolved itself is answered without a name", async () => {
  const one = await makeConflict("DEAL_LOST");
  await one.decide("dismiss");
  await endConflicts(crm.services.db, [one.user.id], ["DEAL_LOST"]);
  await expect(one.decide("force")).rejects.toMatchObject({
    code: "CONFLICT",
    details: { resolution: "gone", decidedBy: null },
  });
});

test.each(["DUPLICATE_DEAL", "DUPLICATE_CONTACT"] as const)(
  "%s: what has become the person's own record, or may, is not removed",
  async (kind) => {
    const one = await makeConflict(kind);
    const id = kind === "DUPLICATE_DEAL" ? "bitrix24DealId" : "bitrix24ContactId";
    for (const kept of [one.portalId, null]) {
      await crm.services.db.user.update({ where: { id: one.user.id }, data: { [id]: kept } });
      await expect(one.decide("remove")).rejects.toMatchObject({ code: "CONFLICT", details: { resolution: null } });
      expect(stands(kind, one)).toBe(true);
      expect(await conflictOf(one)).toMatchObject({ resolvedAt: null });
    }
    expect(await decisions(one)).toEqual([]);
  },
);

test.each(["DUPLICATE_DEAL", "DUPLICATE_CONTACT"] as const)(
  "%s: a removal that the portal refuses leaves the conflict open, and can be tried again",
  async (kind) => {
    const one = await makeConflict(kind);
    crm.portal.fail({ kind: "insufficientScope", method: "crm.item.delete" });
    await expect(one.decide("remove")).rejects.toMatchObject({ name: "Bitrix24Error", applied: "no" });
    expect(await conflictOf(one)).toMatchObject({ resolvedAt: null });
    expect(await decisions(one)).toEqual([]);
    crm.portal.clearFaults();
    await one.decide("remove");
    expect(stands(kind, one)).toBe(false);
  },
);

test.each(["DUPLICATE_DEAL", "DUPLICATE_CONTACT"] as const)(
  "%s: it is not removed once the other one of the two is gone: it would be the last",
  async (kind) => {
    const one = await makeConflict(kind);
    if (kind === "DUPLICATE_DEAL") crm.portal.staff.deleteDeal(one.user.bitrix24DealId ?? 0);
    else crm.portal.staff.deleteContact(one.user.bitrix24ContactId ?? 0);
    await expect(one.decide("remove")).rejects.toMatchObject({ code: "CONFLICT", details: { resolution: null } });
    expect(stands(kind, one)).toBe(true);
    expect(await conflictOf(one)).toMatchObject({ resolvedAt: null });
  },
);

test("a decision whose payment was lost on the way is compared again", async () => {
  const one = await makeConflict("DEAL_LOST");
  const { queue } = crm.services;
  const dying: typeof queue = {
    ...queue,
    enqueueMany: () => {
      throw new Error("the process ends here");
    },
  };
  const decided = resolveConflict(
    { ...crm.services, queue: dying },
    { actor, conflictId: one.conflictId, action: "accept" },
  );
  await expect(decided).rejects.toThrow("the process ends here");
  expect(await userOf(one)).toMatchObject({ isPaid: true });
  expect(await jobsOf(one)).toEqual(["crm-payment"]);
});

test("a removal whose answer was lost can be tried again", async () => {
  const one = await makeConflict("DUPLICATE_DEAL");
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.delete", times: 1 });
  await expect(one.decide("remove")).rejects.toMatchObject({ name: "Bitrix24Error", applied: "unknown" });
  expect(await conflictOf(one)).toMatchObject({ resolvedAt: null });
  await one.decide("remove");
  expect(await conflictOf(one)).toMatchObject({ resolution: "remove" });
});

test("what was left as it is stays off the list while it stands, and comes back when it happens again", async () => {
  const { db } = crm.services;
  for (const kind of kinds) {
    const one = await makeConflict(kind);
    const { id: userId } = one.user;
    const again = () => openConflict(db, { kind, userId, portalId: one.portalId });
    const open = () => db.conflict.count({ where: { userId, resolvedAt: null } });
    await one.decide("dismiss");
    await again();
    expect(await open()).toBe(0);
    // The same conflict about another record is a separate conflict.
    await openConflict(db, { kind, userId, portalId: one.portalId + 100_000 });
    expect(await open()).toBe(1);
    await endConflicts(db, [userId], [kind]);
    await again();
    expect(await open()).toBe(1);
  }
});

test("what was left as it is may still be decided in another way", async () => {
  const one = await makeConflict("DEAL_DELETED");
  await one.decide("dismiss");
  await one.decide("recreate");
  expect(await conflictOf(one)).toMatchObject({ resolution: "recreate" });
  await expect(one.decide("dismiss")).rejects.toMatchObject({ code: "CONFLICT", details: { resolution: "recreate" } });
});
