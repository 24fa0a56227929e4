import { expect, test } from "vitest";
import { systemActor } from "../audit/actor";
import { deletePortion } from "../database/old-rows";
import { erasePerson } from "../privacy/erase";
import {
  arrive,
  check,
  makeDue,
  many,
  requests,
  rows,
  sent,
  settle,
  start,
  tell,
  told,
  trouble,
} from "../test/messages";
import { oldNotices } from "./person-notices";

test("a deal without a responsible person is told to nobody, and the page can say so", async () => {
  const crm = await start();
  await arrive(crm);
  await crm.services.db.user.updateMany({ data: { crmResponsibleId: null, crmAssignedById: null } });
  await tell(crm);
  expect(await rows(crm)).toEqual([{ state: "failed", error: "NO_RECEIVER", receiver: null }]);
  expect(requests(crm)).toBe(0);
  expect(await trouble(crm)).toEqual({ waits: null, receivers: [], nobody: true, refused: [] });
});

test("a check of the connection that finds the permission lets what waited for it go", async () => {
  const crm = await start({ portal: { webhooks: [{ userId: 1, secret: "standinportalkey", scopes: ["crm"] }] } });
  await arrive(crm);
  await tell(crm);
  expect(await check(crm)).toMatchObject({ state: "warn", facts: { missing: "im" } });
  crm.portal.configure({ webhooks: [{ userId: 1, secret: "standinportalkey", scopes: ["crm", "im"] }] });
  expect(await check(crm)).toMatchObject({ state: "ok" });
  await makeDue(crm);
  await tell(crm);
  expect(await rows(crm)).toEqual([sent(1)]);
});

test.each([
  ["takes the message about an erased person back", {}, 0],
  ["leaves it where the CRM keeps what it holds", { ERASE_IN_CRM: "keep" }, 1],
])("the worker %s", async (_name, env, left) => {
  const crm = await start({ env });
  const [userId = 0, other = 0] = await arrive(crm, many(2));
  await tell(crm);
  expect(told(crm)).toHaveLength(2);
  await settle(crm);
  await deletePortion(crm.services.db, oldNotices());
  await erasePerson(crm.services, { actor: systemActor, userId, cause: "self" });
  crm.newWorker().start();
  await expect
    .poll(() => crm.services.db.erasure.findUnique({ where: { userId }, select: { state: true } }))
    .toEqual({ state: "done" });
  expect(told(crm)).toHaveLength(1 + left);
  expect(told(crm).some(({ tag }) => tag.endsWith(`registration-${other}`))).toBe(true);
  expect(await crm.services.db.personNotice.count({ where: { userId } })).toBe(0);
});

test("an erasure goes on where the permission to take a message back is gone, and waits where the portal is away", async () => {
  const crm = await start();
  const [userId = 0] = await arrive(crm);
  await tell(crm);
  await settle(crm);
  crm.portal.fail({ kind: "500", method: "im.notify.delete", times: 2 });
  await erasePerson(crm.services, { actor: systemActor, userId, cause: "self" });
  crm.newWorker().start();
  await expect.poll(() => crm.portal.calls.filter(({ method }) => method === "im.notify.delete").length).toBe(3);
  await expect
    .poll(() => crm.services.db.erasure.findUnique({ where: { userId }, select: { state: true, toldAt: true } }))
    .toEqual({ state: "done", toldAt: null });
  expect(told(crm)).toEqual([]);
});
