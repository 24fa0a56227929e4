import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { noteMade } from "../crm/recognise";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { makeAdmin, makeUser } from "../test/factories";
import { type Asked, type Garble, garbled, missing, reads } from "../test/garbled-answers";
import { type ConflictKind, openConflict } from "./conflicts";
import { removeDuplicate } from "./remove-duplicate";
import { resolveConflict } from "./resolve";

let crm: CrmHarness;
/** What the portal answers to some commands in place of the truth. */
let garble: Garble = () => undefined;
beforeAll(async () => {
  crm = await createCrmHarness({ gateway: garbled((command, result) => garble(command, result)) });
});
afterAll(() => crm.close());

type Mark = { originatorId: string; originId: string };

/** A registered person whose deal has our mark: without it the guard would report another portal. */
async function registered() {
  const { portal, services } = crm;
  const contact = portal.staff.addContact({ name: "Анна" });
  const deal = portal.staff.addDeal({ title: "Заявка" });
  const user = await makeUser(services.db, {
    crmState: "SYNCED",
    bitrix24ContactId: contact.id,
    bitrix24DealId: deal.id,
  });
  const mark = await crm.mark(user.id);
  Object.assign(portal.deals.get(deal.id) as object, mark);
  return { user, deal, mark };
}

/** Tries to remove the second deal and the second contact of a person, and returns whether they were removed. */
async function removal(logged: boolean, markOf: (own: Mark) => Mark): Promise<boolean[]> {
  const { portal, services } = crm;
  const { user, mark: own } = await registered();
  const mark = markOf(own);
  const duplicates = {
    DUPLICATE_DEAL: portal.staff.addDeal(mark).id,
    DUPLICATE_CONTACT: portal.staff.addContact(mark).id,
  };
  if (logged) {
    await noteMade(services.db, user.id, { dealId: duplicates.DUPLICATE_DEAL });
    await noteMade(services.db, user.id, { contactId: duplicates.DUPLICATE_CONTACT });
  }
  const actor = await makeAdmin(services.db);
  for (const kind of ["DUPLICATE_DEAL", "DUPLICATE_CONTACT"] as const) {
    await openConflict(services.db, { kind, userId: user.id, portalId: duplicates[kind] });
    const { id: conflictId } = await services.db.conflict.findFirstOrThrow({ where: { userId: user.id, kind } });
    await resolveConflict(services, { actor, conflictId, action: "remove" }).catch((error) =>
      expect(error).toMatchObject({ code: "CONFLICT", details: { resolution: null } }),
    );
  }
  return [!portal.deals.has(duplicates.DUPLICATE_DEAL), !portal.contacts.has(duplicates.DUPLICATE_CONTACT)];
}

test("a duplicate that was made here and bears our mark is removed", async () => {
  expect(await removal(true, (own) => own)).toEqual([true, true]);
  expect(await removal(true, (own) => ({ ...own, originatorId: "registration" }))).toEqual([true, true]);
});

test("what our own log does not say was made here is not removed", async () => {
  expect(await removal(false, (own) => own)).toEqual([false, false]);
});

test("what bears another mark by now is not removed, whatever the log says", async () => {
  for (const change of [
    { originatorId: "registration-abcdefghjkmn" },
    { originatorId: "" },
    { originId: "user-99999" },
  ])
    expect(await removal(true, (own) => ({ ...own, ...change }))).toEqual([false, false]);
});

test.each(["ACCESS_DENIED", "ERROR_CORE"])(
  "a contact is not removed while the portal does not tell whether it is on the person's deal (%s)",
  async (code) => {
    const { portal, services } = crm;
    const { user, deal, mark } = await registered();
    const { id: portalId } = portal.staff.addContact(mark);
    await noteMade(services.db, user.id, { contactId: portalId });
    const mend = portal.fail({ kind: "command", code, match: reads(2, [deal.id]) });
    onTestFinished(mend);
    const remove = () => removeDuplicate(services, { kind: "DUPLICATE_CONTACT", userId: user.id, portalId });
    await expect(remove()).rejects.toMatchObject({ code });
    expect(portal.contacts.has(portalId)).toBe(true);
    mend();
    await remove();
    expect(portal.contacts.has(portalId)).toBe(false);
  },
);

test.each([
  ["answers with null", { item: null }],
  ["answers with an empty list", { item: [] }],
  ["answers nothing", missing],
  ["breaks down", "ERROR_CORE"],
  ["says that it is closed", "ACCESS_DENIED"],
  ["refuses in words of its own", ""],
])("a duplicate is not removed while the portal, asked for the record that is kept, %s", async (_name, answer) => {
  const { portal, services } = crm;
  const { user, mark } = await registered();
  const duplicates = [
    { kind: "DUPLICATE_DEAL", type: 2, kept: user.bitrix24DealId, portalId: portal.staff.addDeal(mark).id },
    { kind: "DUPLICATE_CONTACT", type: 3, kept: user.bitrix24ContactId, portalId: portal.staff.addContact(mark).id },
  ] as const;
  await noteMade(services.db, user.id, { dealId: duplicates[0].portalId });
  await noteMade(services.db, user.id, { contactId: duplicates[1].portalId });
  const isKept = (command: Asked) => duplicates.some(({ type, kept }) => reads(type, [kept ?? 0])(command));
  let mend = () => {
    garble = () => undefined;
  };
  if (typeof answer === "string") mend = portal.fail({ kind: "command", code: answer, match: isKept });
  else garble = (command) => (isKept(command) ? answer : undefined);
  onTestFinished(() => mend());
  const remove = (kind: ConflictKind, portalId: number) =>
    removeDuplicate(services, { kind, userId: user.id, portalId });
  for (const { kind, portalId } of duplicates)
    await expect(remove(kind, portalId)).rejects.toMatchObject({ name: "Bitrix24Error" });
  const standing = () => [portal.deals.has(duplicates[0].portalId), portal.contacts.has(duplicates[1].portalId)];
  expect(standing()).toEqual([true, true]);
  mend();
  for (const { kind, portalId } of duplicates) await remove(kind, portalId);
  expect(standing()).toEqual([false, false]);
});
