import { expect, test } from "vitest";
import { after, arrived, before, beforeDetails, change, contactOf, dealOf, own, settled } from "../../test/corrections";
import { type CrmHarness, startCrm } from "../../test/crm";
import { userOf } from "../../test/factories";
import { erasePerson } from "../erase";

/** A portal whose database cannot keep emoji. */
const start = async () => {
  const crm = await startCrm({ portal: { limits: { bucket: 0 }, preset: "three-byte-box" } });
  crm.newWorker().start();
  return crm;
};
const attempts = async (crm: CrmHarness, userId: number) =>
  (await crm.services.db.crmCorrection.findUniqueOrThrow({ where: { userId } })).attempts;

test("a changed name with an emoji follows without it in contact and title, and costs no attempt", async () => {
  const crm = await start();
  const id = await arrived(crm);
  await change(crm, id, { ...beforeDetails, firstName: "Полина 🌸" });
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ name: "Полина", lastName: before.lastName });
  expect((await dealOf(crm, id)).title).toMatch(/^Полина Вырубова — /);
  expect((await dealOf(crm, id)).comments ?? "").toBe("");
  expect((await userOf(crm, id)).crmLeftOut).toEqual(["emoji"]);
  expect(await attempts(crm, id)).toBe(0);
});

test("a name that arrived without its emoji follows a change, and so does a company in the note", async () => {
  const crm = await start();
  const id = await arrived(crm, { ...before, firstName: "Пелагия 🌸" });
  await change(crm, id, { ...beforeDetails, firstName: "Полина 🌼", company: "Ромашка 🌼" });
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ name: "Полина" });
  const { title, comments } = await dealOf(crm, id);
  expect(title).toMatch(/^Полина Вырубова — /);
  expect(String(comments).split("Компания: Ромашка")).toHaveLength(2);
});

test("a contact that an erasure hands over gets the heir's name without the emoji", async () => {
  const crm = await start();
  const id = await arrived(crm);
  const heir = await arrived(crm, { ...before, firstName: "Анфиса", email: "anfisa@old.example" });
  const { id: contactId } = await contactOf(crm, id);
  await crm.services.db.user.update({ where: { id: heir }, data: { firstName: "Анфиса 🌸" } });
  await erasePerson(crm.services, { ...own(id), cause: "self" });
  const erasure = () => crm.services.db.erasure.findUniqueOrThrow({ where: { userId: id } });
  await expect.poll(async () => (await erasure()).state).toBe("done");
  expect(crm.portal.contacts.get(contactId)).toMatchObject({ name: "Анфиса", originId: `user-${heir}` });
});

test("a portal that keeps emoji has a changed name with them", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  await change(crm, id, { ...after, firstName: "Пелагея 🌸" });
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ name: "Пелагея 🌸" });
});
