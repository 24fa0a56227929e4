import { expect, test } from "vitest";
import { readCorrection } from "../../corrections/corrections";
import {
  after,
  arrived,
  before,
  beforeDetails,
  change,
  contactOf,
  dealOf,
  settled,
  values,
} from "../../test/corrections";
import { type CrmHarness, startCrm } from "../../test/crm";

const commentsOf = async (crm: CrmHarness, id: number) => String((await dealOf(crm, id)).comments);

test("a long comment of the deal stays whole under the notes of several corrections", async () => {
  const crm = await startCrm();
  crm.portal.staff.addContact({ name: "Павел" }, { phones: [before.phone] });
  crm.newWorker().start();
  const id = await arrived(crm);
  const written = `${"Долгий разговор с клиентом. ".repeat(200)}Итог: перезвонить в пятницу`;
  crm.portal.staff.updateDeal((await dealOf(crm, id)).id, { comments: written });

  await change(crm, id, { ...beforeDetails, company: "Рога" });
  await settled(crm, id);
  const first = await commentsOf(crm, id);
  expect(first.startsWith(written)).toBe(true);
  expect(first).toContain("Компания: Рога");

  await change(crm, id, { ...beforeDetails, company: "Рога", phone: after.phone });
  await settled(crm, id, "noted");
  const second = await commentsOf(crm, id);
  expect(second.startsWith(first)).toBe(true);
  expect(second.slice(first.length)).toContain(after.phone);
});

test("a comment that has no room left is not cut: the page says that a manager has to be told", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  const { id: dealId } = await dealOf(crm, id);
  const written = "я".repeat(29_990);
  crm.portal.staff.updateDeal(dealId, { comments: written });

  await change(crm, id, { ...after, company: "Рога" });
  await settled(crm, id, "failed");
  expect(await commentsOf(crm, id)).toBe(written);
  expect(await readCorrection(crm.services, id)).toMatchObject({ error: "COMMENT_FULL" });
  // What needs no comment has followed.
  expect(values(await contactOf(crm, id))).toContain(after.phone);
  expect((await dealOf(crm, id)).title).toContain("Пелагея Вырубова-Нова");
});

test("a manager's long title keeps its end, although the new name is longer", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  const title = `Пелагия Вырубова ${"— важно ".repeat(29)}`.slice(0, 249).padEnd(255, "!");
  crm.portal.staff.updateDeal((await dealOf(crm, id)).id, { title });
  await change(crm, id, after);
  await settled(crm, id);
  expect((await dealOf(crm, id)).title).toBe(title);
});
