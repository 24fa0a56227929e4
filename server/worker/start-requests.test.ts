import { expect, test } from "vitest";
import { notifyMethod } from "../bitrix24/notify";
import { readVerdict, watchConnection } from "../connection-check/kept-check";
import { followNoticeKinds } from "../notices/notice-kinds";
import { type CrmHarness, findFaults, startCrm } from "../test/crm";

const people = 500;
/** Of a start with a backlog of this size: 0.084 for each registration. */
const mostRequests = 42;

async function queueBacklog({ services: { pool, queue } }: CrmHarness): Promise<void> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into "User" (email, "firstName", "lastName", phone)
     select 'person' || n || '@example.com', 'Имя' || n, 'Фамилия' || n, '+7999' || (1000000 + n)
     from generate_series(1, $1::int) as n returning id`,
    [people],
  );
  await queue.ensure(
    "crm-registration",
    rows.map(({ id }) => id),
    10,
  );
}

const waiting = ({ services }: CrmHarness) => services.db.user.count({ where: { crmState: { not: "SYNCED" } } });

test.each([
  ["nothing else configured", {}, 0],
  // A sweep may come before the end, after which each new deal is compared once, fifty in a request.
  ["events of the portal", { BITRIX24_EVENT_TOKEN: "token-of-the-outgoing-webhook" }, people / 50],
  ["responsible persons, who are asked for once", { BITRIX24_ASSIGNED_BY_IDS: "1,2" }, 1],
  ["a paid stage", { BITRIX24_PAID_STAGE_ID: "WON" }, 0],
  ["a price of one's own", { BITRIX24_PRICE_USD: "99" }, 0],
])("a start with 500 waiting registrations takes few requests until all are whole: %s", async (_name, env, more) => {
  const crm = await startCrm({ env: { BITRIX24_TIMEOUT_MS: "60000", ...env } });
  await queueBacklog(crm);
  const stop = watchConnection(crm.services, { everyMs: 20 });
  crm.newWorker().start();
  await expect.poll(() => waiting(crm)).toBe(0);
  await expect.poll(() => readVerdict(crm.services)).toMatchObject({ red: [] });
  await stop();
  expect(await findFaults(crm)).toEqual([]);
  const requestsWith = (asked: string) =>
    crm.portal.calls.flatMap(({ method, request }) => (method === asked ? [request] : []));
  const last = Math.max(...requestsWith("crm.item.productrow.set"));
  expect(last).toBeLessThanOrEqual(mostRequests + more);
  // Only the connection check asks for the scopes.
  expect(requestsWith("scope")).toHaveLength(1);
  expect(requestsWith("scope")[0]).toBeGreaterThan(last);
});

test("where all 500 came by an advertisement, their traces share the requests of the product rows", async () => {
  const crm = await startCrm({ env: { BITRIX24_TIMEOUT_MS: "60000" } });
  await queueBacklog(crm);
  const touch = { utm_source: "vk", landing: "/register", at: "2026-01-02T03:04:05.000Z" };
  await crm.services.pool.query(`insert into "Attribution" ("userId", first, last) select id, $1, $1 from "User"`, [
    touch,
  ]);
  crm.newWorker().start();
  await expect.poll(() => waiting(crm)).toBe(0);
  expect(await findFaults(crm)).toEqual([]);
  expect(crm.portal.traces.size).toBe(people);
  // Each brings one command more, which fifty commands a request turn into ten requests; a few more while sizes grow.
  expect(crm.portal.requests).toBeLessThanOrEqual(mostRequests + 12);
});

test("where responsible persons are told, fifty messages share a request", async () => {
  const crm = await startCrm({ env: { BITRIX24_TIMEOUT_MS: "60000", RESPONSIBLE_MESSAGE: "on" } });
  await followNoticeKinds(crm.services);
  await queueBacklog(crm);
  await crm.services.pool.query(
    `insert into "Consent" ("userId", kind, version, locale) select id, 'registration', '1', 'ru' from "User"`,
  );
  crm.newWorker().start();
  await expect.poll(() => waiting(crm)).toBe(0);
  await crm.services.pool.query(
    `update "PersonNotice" set "nextAttemptAt" = now() - interval '6 seconds' where state = 'pending'`,
  );
  await expect.poll(() => crm.services.db.personNotice.count({ where: { state: "sent" } })).toBe(people);
  expect(await findFaults(crm)).toEqual([]);
  expect(crm.portal.notifications.size).toBe(people);
  const requests = crm.portal.calls.flatMap(({ method, request }) => (method === notifyMethod ? [request] : []));
  // Ten full ones; a slow machine may send some that are not full, of messages that have waited for a minute.
  expect(new Set(requests).size).toBeLessThanOrEqual(12);
  expect(crm.portal.requests).toBeLessThanOrEqual(mostRequests + 12);
});

test("a start whose first registration fails makes the connection check at once, although others wait", async () => {
  const crm = await startCrm({ env: { BITRIX24_RETRY_BASE_MS: "3600000", BITRIX24_RETRY_MAX_MS: "3600000" } });
  await crm.register();
  await crm.register();
  const first = await crm.services.db.user.findFirstOrThrow({ orderBy: { id: "asc" } });
  await crm.services.db.user.update({ where: { id: first.id }, data: { crmError: "CRM_FIELD_ERROR_REQUIRED" } });
  const stop = watchConnection(crm.services, { everyMs: 20 });
  await expect.poll(() => readVerdict(crm.services)).toMatchObject({ red: [] });
  await stop();
  expect(await waiting(crm)).toBe(2);
});
