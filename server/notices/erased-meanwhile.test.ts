import { expect, test } from "vitest";
import { systemActor } from "../audit/actor";
import { notifyMethod } from "../bitrix24/notify";
import { erasePerson } from "../privacy/erase";
import type { CrmHarness } from "../test/crm";
import { arrive, many, requests, start, tell, told, withMessages } from "../test/messages";
import { tellResponsible } from "./message-sender";

// A message and the erasure of the person of whom it tells, at the same time.

const erase = ({ services }: CrmHarness, userId: number) =>
  erasePerson(services, { actor: systemActor, userId, cause: "self" });
const stateOf = async ({ services: { db } }: CrmHarness, userId: number) =>
  (await db.erasure.findUniqueOrThrow({ where: { userId } })).state;

test("a message that the portal carries out after its answer was given up is taken back all the same", async () => {
  const crm = await start({ env: { BITRIX24_TIMEOUT_MS: "400", BITRIX24_SETTLE_MS: "8000" } });
  const [userId = 0] = await arrive(crm);
  crm.portal.fail({ kind: "late", method: notifyMethod, afterMs: 4_000, times: 1 });
  await tell(crm);
  expect(told(crm)).toEqual([]);
  await erase(crm, userId);
  crm.newWorker().start();
  await expect.poll(() => requests(crm)).toBe(1);
  await expect.poll(() => stateOf(crm, userId)).toBe("done");
  expect(told(crm)).toEqual([]);
});

test("who is erased after the message was claimed and before it is sent is told of to nobody; others in the request are", async () => {
  const crm = await start();
  const [userId = 0, other = 0] = await arrive(crm, many(2));
  const services = withMessages(crm);
  // The sender asks for the marks once its messages are worded.
  const bitrix24 = new Proxy(services.bitrix24, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        if (key === "marks") await erase(crm, userId);
        return value.apply(target, args);
      };
    },
  });
  await tellResponsible({ ...services, bitrix24 }, { idle: true });
  expect(told(crm).map(({ tag }) => tag.replace(/.*registration-/, ""))).toEqual([String(other)]);
});

test("an erasure that meets an attempt as it begins knows of it", async () => {
  const crm = await start();
  const [userId = 0] = await arrive(crm);
  const { db, pool } = crm.services;
  const attempt = await pool.connect();
  await attempt.query("begin");
  await attempt.query(`update "PersonNotice" set "attemptedAt" = now() where "userId" = $1`, [userId]);
  const erasing = erase(crm, userId);
  await expect
    .poll(async () => {
      const { rows } = await pool.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length;
    })
    .toBe(1);
  await attempt.query("commit");
  attempt.release();
  await erasing;
  const { toldAt } = await db.erasure.findUniqueOrThrow({ where: { userId } });
  expect(toldAt).toBeInstanceOf(Date);
  expect(await db.personNotice.count({ where: { userId } })).toBe(0);
});
