import { afterEach, expect, test, vi } from "vitest";
import { systemActor } from "../audit/actor";
import { makeConfirmation } from "../confirmation/confirmation";
import { setPaid } from "../payments/payments";
import { readPortalState } from "../queue/circuit-breaker";
import { alertMails } from "../test/alerts";
import { type CrmHarness, findFaults, lateEffect, startCrm } from "../test/crm";
import { makeUser, userOf } from "../test/factories";
import { selectReady } from "./select-ready";
import { syncRegistrations } from "./sync-registrations";

afterEach(() => void vi.useRealTimers());

const synced = ({ services }: CrmHarness, ids: number[]) =>
  expect.poll(() => services.db.user.count({ where: { id: { in: ids }, crmState: "SYNCED" } })).toBe(ids.length);

/** The user has used most of the attempts. */
const lastAttempts = ({ services }: CrmHarness, id: number) =>
  services.db.user.update({ where: { id }, data: { crmAttempts: 17 } });

const turnedAway = () =>
  new Response("<h1>403 Forbidden</h1>", { status: 403, headers: { "Content-Type": "text/html" } });

test("a request that a slow line delivers late and the portal then works on makes no second contact", async () => {
  let slow = true;
  const crm = await startCrm({
    env: lateEffect.env,
    gateway: {
      delayMs: (method) => {
        const delay = slow && method === "crm.item.add" ? 350 : 0;
        if (delay) slow = false;
        return delay;
      },
    },
  });
  crm.portal.fail({ kind: "late", method: "crm.item.add", afterMs: lateEffect.afterMs, times: 1 });
  const id = await crm.register();
  crm.newWorker().start();
  await synced(crm, [id]);
  expect(await findFaults(crm)).toEqual([]);
});

test("a process whose clock is ahead of the database's waits for late requests all the same", async () => {
  const crm = await startCrm();
  const { services } = crm;
  await crm.register({ phone: "+79995550000" });
  await services.pool.query(`update "User" set "crmInFlightUntil" = clock_timestamp() + interval '60 seconds'`);
  const jobs = await services.queue.fetch("crm-registration", 10);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
  expect((await selectReady(services, jobs)).go).toEqual([]);
});

test("a registration waits for the request in flight of another one with the same phone, even if that one has failed permanently", async () => {
  const crm = await startCrm();
  const { services } = crm;
  const phone = "+79995550001";
  const first = await crm.register({ phone });
  const second = await crm.register({ phone });
  const crmInFlightUntil = new Date(Date.now() + 60_000);
  await services.db.user.update({ where: { id: first }, data: { crmState: "FAILED", crmInFlightUntil } });
  const { go, finished } = await selectReady(services, await services.queue.fetch("crm-registration", 10));
  expect(go).toEqual([]);
  expect(finished.find(({ userId }) => userId === second)?.retryAt).toEqual(crmInFlightUntil);
});

test("people whose requests are lost together travel alone, and arrive without a lost attempt", async () => {
  const crm = await startCrm();
  const ids = await Promise.all(Array.from({ length: 6 }, () => crm.register()));
  crm.portal.fail({ kind: "500html", method: "batch", match: "crm.item.add?" });
  crm.newWorker().start();
  await synced(crm, ids);
  expect(await findFaults(crm)).toEqual([]);
  expect(await crm.services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
});

test("a person who travels alone loses no attempt by other people's request that failed before", async () => {
  const crm = await startCrm();
  const { services } = crm;
  const send = async () => syncRegistrations(services, await services.queue.fetch("crm-registration", 10));
  // The portal has answered lately, which points at a person whose own request is lost.
  await crm.register();
  expect(await send()).toMatchObject({ synced: 1 });
  await crm.register();
  await crm.register();
  const alone = await crm.register();
  await services.db.user.update({ where: { id: alone }, data: { crmUncertain: 2 } });
  crm.portal.fail({ kind: "500html", method: "batch", match: "crm.item.add?", times: 1 });
  expect(await send()).toMatchObject({ synced: 0 });
  expect(await services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
});

test("one person whose look-up breaks the portal delays no other registration, and fails permanently in the end", async () => {
  const crm = await startCrm({ env: { BITRIX24_RETRY_MAX_MS: "20" } });
  const poison = await crm.register({ email: "poison@example.com" });
  const others = await Promise.all(Array.from({ length: 9 }, () => crm.register()));
  await lastAttempts(crm, poison);
  crm.portal.fail({ kind: "500html", match: "poison@example.com" });
  crm.newWorker().start();
  await synced(crm, others);
  await expect.poll(async () => (await userOf(crm, poison)).crmState).toBe("FAILED");
  expect(crm.portal.contacts.size).toBe(9);
});

test("one person whose text a firewall rejects delays no other registration, and fails permanently in the end", async () => {
  const crm = await startCrm({
    env: { BITRIX24_RETRY_MAX_MS: "20" },
    gateway: { request: (_method, body) => (/drop(%20| )table/i.test(body) ? turnedAway() : undefined) },
  });
  const poison = await crm.register({ firstName: "Robert'); DROP TABLE Students" });
  const others = await Promise.all(Array.from({ length: 9 }, () => crm.register()));
  await lastAttempts(crm, poison);
  crm.newWorker().start();
  await synced(crm, others);
  await expect.poll(async () => (await userOf(crm, poison)).crmState).toBe("FAILED");
});

test("people whose requests a proxy turns away for their number go on travelling together", async () => {
  let left = 3;
  const methods: string[] = [];
  const tooMany = (method: string, body: string) => {
    methods.push(method);
    if (!body.includes("crm.item.add?") || left === 0) return undefined;
    left--;
    return new Response("<h1>429 Too Many Requests</h1>", { status: 429, headers: { "Content-Type": "text/html" } });
  };
  const crm = await startCrm({ gateway: { request: tooMany } });
  const ids = await Promise.all(Array.from({ length: 10 }, () => crm.register()));
  crm.newWorker().start();
  await synced(crm, ids);
  expect(left).toBe(0);
  expect(methods.filter((method) => method !== "batch")).toEqual([]);
  expect(await findFaults(crm)).toEqual([]);
});

test("a registration that waits for an ill portal tells no time of its next try that is long past", async () => {
  const crm = await startCrm({ env: { BITRIX24_RETRY_BASE_MS: "60000", BITRIX24_RETRY_MAX_MS: "60000" } });
  crm.portal.fail({ kind: "502" });
  const before = Date.now();
  const id = await crm.register();
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, id)).crmError).toBe("HTTP_502");
  expect((await userOf(crm, id)).crmNextAttemptAt?.getTime()).toBeGreaterThanOrEqual(before);
});

test("a paid deal that we may not move is that deal's matter, and the queue goes on", async () => {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const id = await crm.register();
  crm.newWorker().start();
  await synced(crm, [id]);
  crm.portal.fail({ kind: "command", method: "crm.item.update", code: "ACCESS_DENIED" });
  await setPaid(crm.services, {
    actor: systemActor,
    userId: id,
    isPaid: true,
    origin: "page",
  });
  await expect.poll(() => crm.services.db.conflict.count({ where: { userId: id } })).toBeGreaterThan(0);
  await synced(crm, [await crm.register()]);
  expect(await alertMails(crm)).toEqual([]);
});

test("an open breaker whose probe meets an outage keeps its reason and tells nobody again", async () => {
  const crm = await startCrm();
  crm.portal.fail({ kind: "badCredentials" });
  await crm.register();
  crm.newWorker().start();
  await expect.poll(async () => (await readPortalState(crm.services)).pauseCode).toBe("INVALID_CREDENTIALS");
  crm.portal.clearFaults();
  crm.portal.fail({ kind: "502" });
  const seen = crm.portal.requests;
  await expect.poll(() => crm.portal.requests).toBeGreaterThan(seen + 2);
  expect((await readPortalState(crm.services)).pauseCode).toBe("INVALID_CREDENTIALS");
  expect(await alertMails(crm)).toHaveLength(1);
});

test("a second incident, after registrations got through again, is alerted again", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  for (const incident of [1, 2]) {
    crm.portal.fail({ kind: "badCredentials" });
    const id = await crm.register();
    await expect
      .poll(async () => (await alertMails(crm)).filter(({ subject }) => subject.includes("paused")).length)
      .toBe(incident);
    crm.portal.clearFaults();
    await synced(crm, [id]);
  }
});

test("a portal that answers probes and refuses every write tells it once", async () => {
  const crm = await startCrm();
  crm.portal.fail({ kind: "command", method: "crm.item.add", code: "ACCESS_DENIED" });
  const id = await crm.register();
  crm.newWorker().start();
  const refusals = () => crm.portal.calls.filter(({ method }) => method === "crm.item.add").length;
  await expect.poll(refusals).toBeGreaterThan(3);
  expect(await alertMails(crm)).toHaveLength(1);
  expect(await userOf(crm, id)).toMatchObject({ crmState: "PENDING", crmAttempts: 0 });
});

test("a text that a portal puts where its code belongs is neither stored, logged nor mailed", async () => {
  const crm = await startCrm({ env: { BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1" } });
  crm.portal.fail({ kind: "command", method: "crm.item.add", code: "Invalid e-mail: anna@example.com" });
  const id = await crm.register({ email: "anna@example.com" });
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, id)).crmState).toBe("FAILED");
  const steps = await crm.services.db.crmLog.findMany({ select: { code: true } });
  const told = JSON.stringify([crm.lines, await alertMails(crm), steps, (await userOf(crm, id)).crmError]);
  expect(told.toLowerCase()).not.toContain("anna@example.com");
});

test("a portal that breaks down inside every command is an outage: nobody loses an attempt", async () => {
  const crm = await startCrm();
  crm.portal.fail({ kind: "command", method: "crm.item.add", code: "INTERNAL_SERVER_ERROR" });
  const ids = await Promise.all(Array.from({ length: 5 }, () => crm.register()));
  crm.newWorker().start();
  await expect.poll(async () => (await readPortalState(crm.services)).pauseCode).toBe("INTERNAL_SERVER_ERROR");
  const attempts = await crm.services.db.user.findMany({ select: { crmAttempts: true } });
  expect(attempts.map(({ crmAttempts }) => crmAttempts)).toEqual([0, 0, 0, 0, 0]);
  crm.portal.clearFaults();
  await synced(crm, ids);
  expect(await findFaults(crm)).toEqual([]);
});

test("rows of another installation are not taken for ours, even if the portal ignores that filter", async () => {
  const crm = await startCrm({
    gateway: {
      request: (_method, body) => body.replaceAll(/filter%5B%40originatorId%5D/g, "unknown"),
    },
  });
  const response = await fetch(`${crm.webhookUrl}crm.item.add`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ entityTypeId: 2, fields: { title: "x", originatorId: "other-site", originId: "user-1" } }),
  });
  expect(response.ok).toBe(true);
  const id = await crm.register();
  expect(id).toBe(1);
  crm.newWorker().start();
  await synced(crm, [id]);
  const { originatorId } = await crm.mark(id);
  const ours = [...crm.portal.deals.values()].filter((deal) => deal.originatorId === originatorId);
  expect(ours.map((deal) => deal.id)).toEqual([(await userOf(crm, id)).bitrix24DealId]);
});

test("a portal that answers late, but in time, costs nobody an attempt and pauses nothing", async () => {
  const crm = await startCrm();
  // As twenty seconds of the thirty that a request has.
  crm.portal.fail({ kind: "slow", afterMs: 500 });
  const ids = [await crm.register(), await crm.register()];
  crm.newWorker().start();
  await synced(crm, ids);
  expect(await findFaults(crm)).toEqual([]);
  expect((await readPortalState(crm.services)).pausedBy).toBeNull();
  expect(await crm.services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
  expect(await crm.services.db.crmLog.count({ where: { outcome: { not: "OK" } } })).toBe(0);
});

test("a mail server that hangs does not hold up registrations, nor the end of the worker", async () => {
  const crm = await startCrm({ env: { BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1" } });
  const { db, env } = crm.services;
  let asked = 0;
  crm.services.mail.send = () => {
    asked++;
    return new Promise(() => {});
  };
  const { id: userId, email } = await makeUser(db, { crmState: "SYNCED" });
  await db.$transaction((tx) =>
    makeConfirmation(tx, env, { userId, email, purpose: "confirm", createdAt: new Date(Date.now() - 3_600_000) }),
  );
  crm.portal.fail({ kind: "badCredentials" });
  const id = await crm.register();
  crm.newWorker().start();
  await expect.poll(async () => (await readPortalState(crm.services)).pausedBy).toBe("breaker");
  crm.portal.clearFaults();
  await synced(crm, [id]);
  await expect.poll(() => asked).toBe(1);
});
