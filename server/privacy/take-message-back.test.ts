import { expect, test } from "vitest";
import { systemActor } from "../audit/actor";
import { newPart } from "../identity/marks";
import type { CrmHarness } from "../test/crm";
import { arrive, start, tell, told } from "../test/messages";
import { erasePerson } from "./erase";

// Messages to responsible persons that this installation sent before its database was restored from an earlier backup.

/** As of a backup in which the registrations were not sent yet. */
async function restore({ services: { db } }: CrmHarness, userIds: number[]): Promise<void> {
  const ofThem = { where: { userId: { in: userIds } } };
  await db.personNotice.deleteMany(ofThem);
  await db.crmLog.deleteMany(ofThem);
  await db.dealSnapshot.deleteMany(ofThem);
  await db.user.updateMany({
    where: { id: { in: userIds } },
    data: {
      crmState: "PENDING",
      bitrix24ContactId: null,
      bitrix24DealId: null,
      crmContactBy: null,
      crmResponsibleId: null,
    },
  });
  await db.installation.update({ where: { id: 1 }, data: { part: newPart() } });
}

async function erased({ newWorker, services }: CrmHarness, userId: number): Promise<void> {
  await erasePerson(services, { actor: systemActor, userId, cause: "self" });
  newWorker().start();
  const stateOf = async () => (await services.db.erasure.findUniqueOrThrow({ where: { userId } })).state;
  await expect.poll(stateOf).toBe("done");
}

test("a message that was sent after the backup is taken back with its person, and no other message is", async () => {
  const crm = await start();
  const [userId = 0, other = 0] = await arrive(crm, [{}, {}]);
  await tell(crm);
  expect(told(crm)).toHaveLength(2);
  await restore(crm, [userId]);
  await erased(crm, userId);
  expect(told(crm).map(({ tag }) => tag.replace(/.*registration-/, ""))).toEqual([String(other)]);
});

test("a message of before is also taken back where the registration was found again without a second one", async () => {
  const crm = await start();
  const [userId = 0] = await arrive(crm);
  await tell(crm);
  await restore(crm, [userId]);
  await crm.services.db.noticeKind.deleteMany();
  await crm.services.queue.ensure("crm-registration", [userId], 10);
  const worker = crm.newWorker();
  worker.start();
  await expect
    .poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id: userId } })).crmState)
    .toBe("SYNCED");
  await worker.stop();
  expect(await crm.services.db.personNotice.count()).toBe(0);
  await erased(crm, userId);
  expect(told(crm)).toEqual([]);
});

test("where nothing was restored and nobody was told, nothing is taken back", async () => {
  const crm = await start();
  const [userId = 0] = await arrive(crm);
  await erased(crm, userId);
  expect(crm.portal.calls.filter(({ method }) => method === "im.notify.delete")).toEqual([]);
});

test("a portal that takes no messages back holds up no erasure of a person who may have been told of", async () => {
  const crm = await start();
  const [userId = 0] = await arrive(crm);
  await tell(crm);
  await restore(crm, [userId]);
  crm.portal.configure({ missingMethods: ["im.notify.delete"] });
  await erased(crm, userId);
  expect(told(crm)).toHaveLength(1);
});

test("a portal that fails at each removal of a message holds up no erasure", async () => {
  const crm = await start();
  const [userId = 0] = await arrive(crm);
  await tell(crm);
  crm.portal.fail({ kind: "command", method: "im.notify.delete", code: "ERROR_CORE" });
  await erased(crm, userId);
  expect(told(crm)).toHaveLength(1);
});

test("a message sent after the backup, which the portal refuses to remove at first, is removed by a later attempt", async () => {
  const crm = await start({ env: { BITRIX24_TIMEOUT_MS: "5000" } });
  const [userId = 0] = await arrive(crm);
  await tell(crm);
  await restore(crm, [userId]);
  crm.portal.fail({ kind: "command", method: "im.notify.delete", code: "ERROR_CORE", times: 2 });
  await erased(crm, userId);
  expect(told(crm)).toEqual([]);
});
