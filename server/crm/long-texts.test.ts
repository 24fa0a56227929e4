import { expect, test } from "vitest";
import { lockDetails, noteCorrection } from "../corrections/corrections";
import { erasePerson } from "../privacy/erase";
import { readPortalState } from "../queue/circuit-breaker";
import {
  arrived,
  before,
  beforeDetails,
  change,
  contactOf,
  dealOf,
  hasArrived,
  own,
  settled,
  values,
} from "../test/corrections";
import { type CrmHarness, startCrm } from "../test/crm";
import { userOf } from "../test/factories";

/** Texts that the form takes and the portal's fields do not hold: names of more than 50 characters, e-mails of more than 250. */

const start = async (longTexts: "cut" | "refused"): Promise<CrmHarness> => {
  const crm = await startCrm({ portal: { limits: { bucket: 0 }, switches: { longTexts } } });
  crm.newWorker().start();
  return crm;
};
const longName = `Мария ${"Антуанетта ".repeat(8)}`.trim();
const heldName = longName.slice(0, 50).trimEnd();
const longEmail = `p@${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.example`;
const noRoom = "Такой длинный адрес не помещается в контакт; прежний адрес из него удалён\\.";

test.each(["cut", "refused"] as const)(
  "a long name arrives as far as the contact holds it, and whole in the comment (too long: %s)",
  async (longTexts) => {
    const crm = await start(longTexts);
    const id = await arrived(crm, { ...before, firstName: longName, utm: { utm_term: "ж".repeat(255) } });
    expect(await contactOf(crm, id)).toMatchObject({ name: heldName, lastName: before.lastName });
    const { title, comments, utmTerm } = await dealOf(crm, id);
    expect(title).toContain(longName);
    expect(comments).toBe(`Поля CRM это не приняли:\nИмя: ${longName}`);
    expect(utmTerm).toBe("ж".repeat(255));
    expect((await userOf(crm, id)).crmAttempts).toBe(0);
    expect((await readPortalState(crm.services)).pausedBy).toBeNull();
  },
);

test("an e-mail that no contact has room for stands in the comment, and its person is found again by the phone", async () => {
  const crm = await start("refused");
  const id = await arrived(crm, { ...before, email: longEmail });
  expect(values(await contactOf(crm, id))).toEqual([before.phone]);
  expect((await dealOf(crm, id)).comments).toBe(`Поля CRM это не приняли:\nЭлектронная почта: ${longEmail}`);
  expect(crm.lines.filter(({ userId, field }) => userId === id && field === "email")).toEqual([
    expect.objectContaining({ msg: "text was left out, because the portal's field has no room for it" }),
  ]);
  const again = await crm.register({ ...before, email: `q${longEmail.slice(1)}` });
  await hasArrived(crm, again);
  expect((await userOf(crm, again)).bitrix24ContactId).toBe((await userOf(crm, id)).bitrix24ContactId);
});

test("what a portal holds of a long name is no manager's change", async () => {
  const crm = await start("cut");
  const id = await arrived(crm, { ...before, firstName: longName });
  await change(crm, id, { ...beforeDetails, firstName: "Мария" });
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ name: "Мария" });
  expect((await dealOf(crm, id)).title).toMatch(/^Мария Вырубова — /);
  // The comment still has the long name, so it tells of the change as well.
  expect(String((await dealOf(crm, id)).comments)).toMatch(/:\nИмя: Мария Вырубова$/);
});

test("a name that is changed to a long one stands cut in the contact and whole in the comment", async () => {
  const crm = await start("refused");
  const id = await arrived(crm);
  await change(crm, id, { ...beforeDetails, firstName: longName });
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ name: heldName });
  expect(String((await dealOf(crm, id)).comments)).toMatch(new RegExp(`:\nИмя: ${longName} Вырубова$`));
});

/** As an administrator changes it where no mail can be sent. */
const changeEmail = ({ services }: CrmHarness, userId: number, email: string) =>
  services.db.$transaction(async (tx) => {
    const details = await lockDetails(tx, userId);
    await tx.user.update({ where: { id: userId }, data: { email }, select: { id: true } });
    await noteCorrection(tx, services.queue, { userId, before: details });
  });

test("an e-mail that is changed to a too long one and on leaves neither in the contact", async () => {
  const crm = await start("refused");
  const id = await arrived(crm);
  await changeEmail(crm, id, longEmail);
  await settled(crm, id, "noted");
  expect(values(await contactOf(crm, id))).toEqual([before.phone]);
  const { comments } = await dealOf(crm, id);
  expect(comments).toMatch(new RegExp(`:\nЭлектронная почта: ${longEmail}\n${noRoom}$`));

  // Whose address it is now must not be taken for this person.
  const other = await arrived(crm, { email: before.email, phone: "+79160000001" });
  expect((await userOf(crm, other)).bitrix24ContactId).not.toBe((await userOf(crm, id)).bitrix24ContactId);

  await changeEmail(crm, id, "pelagia@new.example");
  await settled(crm, id);
  expect(values(await contactOf(crm, id))).toEqual([before.phone, "pelagia@new.example"]);
});

test("an e-mail that managers have added stays where the person's is changed to a too long one", async () => {
  const crm = await start("refused");
  const id = await arrived(crm);
  const { id: contactId } = await contactOf(crm, id);
  crm.portal.staff.updateContact(contactId, {}, { emails: ["home@old.example"] });
  await changeEmail(crm, id, longEmail);
  await settled(crm, id, "noted");
  expect(values(await contactOf(crm, id))).toEqual([before.phone, "home@old.example"]);
});

test("a CRM that refuses to go without an e-mail keeps the former one, and its comment tells so", async () => {
  const crm = await start("refused");
  const id = await arrived(crm);
  const refusal = { method: "crm.item.update", code: "CRM_FIELD_ERROR_REQUIRED", match: '"value":""' };
  crm.portal.fail({ kind: "command", ...refusal });
  await changeEmail(crm, id, longEmail);
  await settled(crm, id, "noted");
  expect(values(await contactOf(crm, id))).toEqual([before.phone, before.email]);
  expect((await dealOf(crm, id)).comments).toMatch(/В контакте указано другое; сайт его не менял\.$/);
});

test("a contact that an erasure hands over gets as much of the heir's long name as it holds", async () => {
  const crm = await start("refused");
  const id = await arrived(crm);
  const heir = await arrived(crm, { ...before, firstName: longName, email: "anfisa@old.example" });
  const { id: contactId } = await contactOf(crm, id);
  await erasePerson(crm.services, { ...own(id), cause: "self" });
  const erasure = () => crm.services.db.erasure.findUniqueOrThrow({ where: { userId: id } });
  await expect.poll(async () => (await erasure()).state).toBe("done");
  expect(crm.portal.contacts.get(contactId)).toMatchObject({ name: heldName, originId: `user-${heir}` });
});

for (const [what, leftOut, email] of [
  ["too long", [], longEmail],
  ["refused", ["EMAIL"], "anfisa@old.example"],
] as const)
  test(`a CRM that demands an e-mail gets one that is nobody's where the heir's is ${what}`, async () => {
    const crm = await start("refused");
    const id = await arrived(crm);
    const heir = await arrived(crm, { ...before, firstName: "Анфиса", email });
    const { id: contactId } = await contactOf(crm, id);
    const inContact = () =>
      crm.portal.contacts
        .get(contactId)
        ?.fm.map(({ value }) => value)
        .sort();
    await crm.services.db.user.update({ where: { id: heir }, data: { crmLeftOut: [...leftOut] } });
    const refusal = { method: "crm.item.update", code: "CRM_FIELD_ERROR_REQUIRED", match: '"value":""' };
    crm.portal.fail({ kind: "command", ...refusal });
    await erasePerson(crm.services, { ...own(id), cause: "self" });
    const erasure = () => crm.services.db.erasure.findUniqueOrThrow({ where: { userId: id } });
    await expect.poll(async () => (await erasure()).state).toBe("done");
    expect(inContact()).toEqual([before.phone, `erased-${heir}@erased.invalid`]);

    crm.portal.clearFaults();
    await changeEmail(crm, heir, "anfisa@new.example");
    await settled(crm, heir);
    expect(inContact()).toEqual([before.phone, "anfisa@new.example"]);
  });
