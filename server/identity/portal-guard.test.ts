import { afterEach, expect, test } from "vitest";
import { addCustomers } from "../../e2e/portal/installations";
import { type PortalServer, startPortal } from "../../e2e/portal/server";
import type { FirstOptions } from "../../e2e/portal/settings";
import { requestReconcile } from "../deal-sync/reconcile-runs";
import { setPaid } from "../payments/payments";
import { resumeQueue } from "../queue/pause";
import { alertMails } from "../test/alerts";
import { type CrmHarness, createCrmHarness, findFaults, noJobsLeft } from "../test/crm";
import { admin } from "../test/factories";
import { askIdentity } from "../test/identity";
import { answerIdentity, type IdentityAnswer } from "./answer";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startServer(options: FirstOptions = {}): Promise<PortalServer> {
  const server = await startPortal({ limits: { bucket: 0 }, ...options });
  closers.push(server.close);
  return server;
}

/** An installation without open jobs, with some people on its portal. */
async function install(server: PortalServer, people = 2): Promise<CrmHarness> {
  const crm = await createCrmHarness({ server, env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  closers.push(crm.close);
  await crm.registerMany(people);
  const worker = crm.newWorker();
  worker.start();
  await synced(crm);
  await worker.stop();
  return crm;
}

/** The same database with a webhook of another portal. */
async function moveTo(crm: CrmHarness, server: PortalServer): Promise<CrmHarness> {
  const moved = await createCrmHarness({ server, database: crm.database, env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  closers.push(moved.close);
  return moved;
}

const synced = ({ services }: CrmHarness) =>
  expect.poll(() => services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);
const asked = ({ services }: CrmHarness) =>
  expect
    .poll(async () => (await services.db.installation.findUniqueOrThrow({ where: { id: 1 } })).questionAt)
    .not.toBeNull();
const paused = ({ services }: CrmHarness) =>
  expect
    .poll(async () => (await services.db.crmPortal.findUniqueOrThrow({ where: { id: 1 } })).pauseCode)
    .toBe("PORTAL_CHANGED");
const answer = ({ services }: CrmHarness, said: IdentityAnswer) =>
  answerIdentity(services, { actor: admin, answer: said });
const written = ({ portal }: PortalServer) =>
  [...portal.executed].filter(([method]) => /\.(add|update|delete|set)$/.test(method));
const ask = ({ services: { db, bitrix24 } }: CrmHarness) => askIdentity(db, "portal", { host: bitrix24.client.host });
const held = ({ portal }: PortalServer) => ({
  contacts: structuredClone([...portal.contacts.values()]),
  deals: structuredClone([...portal.deals.values()]),
});

test("a webhook of another portal stops all writing with one alert, and nothing is concluded from what stands there", async () => {
  const crm = await install(await startServer());
  const people = await crm.services.db.user.findMany({ orderBy: { id: "asc" } });
  // The same ids name other people: one has the phone of a person who registers now, another has paid.
  const other = await startServer();
  addCustomers(other.portal, 3);
  other.portal.staff.addContact({ name: "Клиент" }, { phones: ["+79997770011"] });
  other.portal.staff.moveDeal(people[0]?.bitrix24DealId ?? 0, "WON");
  const before = held(other);

  const moved = await moveTo(crm, other);
  await moved.register({ phone: "+79997770011" });
  await setPaid(moved.services, { actor: admin, userId: people[1]?.id ?? 0, isPaid: true, origin: "page" });
  await requestReconcile(moved.services, { actor: admin });
  moved.newWorker().start();
  await asked(moved);
  await paused(moved);
  // An administrator resumes the queue without answering the question: it pauses again.
  await resumeQueue(moved.services, { actor: admin });
  await paused(moved);
  expect(written(other)).toEqual([]);
  expect(held(other)).toEqual(before);
  expect((await alertMails(moved)).map(({ subject }) => subject)).toEqual([expect.stringContaining("PORTAL_CHANGED")]);
  const rows = await moved.services.db.user.findMany({ orderBy: { id: "asc" } });
  expect(rows.map((row) => [row.isPaid, row.bitrix24ContactId, row.crmAttempts])).toEqual([
    [false, people[0]?.bitrix24ContactId, 0],
    [true, people[1]?.bitrix24ContactId, 0],
    [false, null, 0],
  ]);
});

test("another portal at the same address is noticed by its first user, and by strangers under our numbers where that is not told", async () => {
  for (const scopes of [
    ["crm", "catalog", "user"],
    ["crm", "catalog"],
  ]) {
    const server = await startServer({ webhooks: [{ userId: 1, secret: "standinportalkey", scopes }] });
    const crm = await install(server);
    server.portal.becomeAnother({ customers: 3 });
    const before = held(server);
    const restarted = await moveTo(crm, server);
    await restarted.register();
    restarted.newWorker().start();
    await paused(restarted);
    expect(held(server)).toEqual(before);
  }
});

test("a portal that changes to summer time is the same, and registrations go on", async () => {
  const server = await startServer({ utcOffsetMinutes: 60 });
  const crm = await install(server);
  server.portal.configure({ utcOffsetMinutes: 120 });
  const later = await moveTo(crm, server);
  await later.register();
  later.newWorker().start();
  await synced(later);
  expect(await findFaults(later)).toEqual([]);
});

test("the same portal under another name goes on where it stood", async () => {
  const server = await startServer();
  const crm = await install(server);
  await crm.services.db.installation.update({ where: { id: 1 }, data: { portalHosts: ["https://old.example"] } });
  // On this machine known records prove the portal. Without them a new host must be confirmed, as for a cloud portal.
  await crm.services.db.user.updateMany({ data: { crmContactBy: null } });
  await crm.services.db.$executeRaw`update "User" set "bitrix24DealId" = "bitrix24DealId" + 1000`;
  const id = await crm.register();
  crm.newWorker().start();
  await paused(crm);
  await crm.services.db.$executeRaw`update "User" set "bitrix24DealId" = "bitrix24DealId" - 1000`;
  await answer(crm, "renamed");
  await synced(crm);
  expect(await findFaults(crm)).toEqual([]);
  await setPaid(crm.services, { actor: admin, userId: id, isPaid: true, origin: "page" });
  await expect
    .poll(() => [...server.portal.deals.values()].find((deal) => deal.originId === `user-${id}`)?.stageId)
    .toBe("WON");
  await expect(answer(crm, "renamed")).rejects.toMatchObject({ code: "CONFLICT" });
});

test("on another portal every registration is created again, and the earlier portal is left as it is", async () => {
  const first = await startServer();
  const crm = await install(first, 3);
  const before = held(first);
  const other = await startServer();
  addCustomers(other.portal, 5);
  const strangers = held(other);
  const moved = await moveTo(crm, other);
  await moved.register();
  const worker = moved.newWorker();
  worker.start();
  await paused(moved);
  await answer(moved, "other");
  await synced(moved);
  await worker.stop();
  expect(await findFaults(moved)).toEqual([]);
  expect(other.portal.deals.size).toBe(9);
  expect(held(other).contacts.slice(0, 5)).toEqual(strangers.contacts);
  expect(held(other).deals.slice(0, 5)).toEqual(strangers.deals);
  expect(held(first)).toEqual(before);

  // Back on the first portal: the records that were created there are found by the former external id.
  const back = await moveTo(moved, first);
  await requestReconcile(back.services, { actor: admin });
  back.newWorker().start();
  await paused(back);
  await answer(back, "other");
  await synced(back);
  expect(await findFaults(back)).toEqual([]);
  expect(first.portal.deals.size).toBe(4);
  expect(held(first).deals.slice(0, 3)).toEqual(before.deals);
});

test("a portal that was put back from a backup is compared at once, and what it lost is listed", async () => {
  const server = await startServer();
  const crm = await install(server, 2);
  const backup = server.portal.snapshot();
  const later = await crm.register();
  const worker = crm.newWorker();
  worker.start();
  await synced(crm);
  await worker.stop();
  server.portal.restore(backup);
  // The id is given to a record of another person.
  const stranger = server.portal.staff.addDeal({ title: "Звонок" });
  const before = structuredClone(server.portal.deals.get(stranger.id));
  await ask(crm);
  crm.newWorker().start();
  await answer(crm, "restored");
  await expect.poll(() => crm.services.db.reconcileRun.count({ where: { finishedAt: { not: null } } })).toBe(1);
  expect(server.portal.deals.get(stranger.id)).toEqual(before);
  const { bitrix24DealId } = await crm.services.db.user.findUniqueOrThrow({ where: { id: later } });
  expect(bitrix24DealId).toBe(stranger.id);
});

test("a portal that was put back from a backup gives no payment back that was taken back here since", async () => {
  const server = await startServer();
  const crm = await install(server, 2);
  const { db } = crm.services;
  const [person, other] = await db.user.findMany({ orderBy: { id: "asc" } });
  const stages = () => [person, other].map((each) => server.portal.deals.get(each?.bitrix24DealId ?? 0)?.stageId);
  const pay = (userId: number | undefined, isPaid: boolean) =>
    setPaid(crm.services, { actor: admin, userId: userId ?? 0, isPaid, origin: "page" });
  server.portal.staff.moveDeal(person?.bitrix24DealId ?? 0, "EXECUTING");
  const worker = crm.newWorker();
  worker.start();
  await pay(person?.id, true);
  await expect.poll(stages).toEqual(["WON", "NEW"]);
  await noJobsLeft(db);
  const backup = server.portal.snapshot();
  await pay(person?.id, false);
  await pay(other?.id, true);
  await expect.poll(stages).toEqual(["EXECUTING", "WON"]);
  await noJobsLeft(db);
  await worker.stop();
  server.portal.restore(backup);
  expect(stages()).toEqual(["WON", "NEW"]);
  await ask(crm);
  await answer(crm, "restored");
  crm.newWorker().start();
  await expect.poll(() => db.reconcileRun.count({ where: { finishedAt: { not: null } } })).toBe(1);
  await noJobsLeft(db);
  expect(stages()).toEqual(["EXECUTING", "WON"]);
  expect((await db.user.findMany({ orderBy: { id: "asc" } })).map(({ isPaid }) => isPaid)).toEqual([false, true]);
  // What the portal has lost is no move of a deal.
  expect(await db.stageMove.count({ where: { to: { in: ["WON", "NEW"] } } })).toBe(0);
  expect(await db.dealSnapshot.count({ where: { pushedPaid: null } })).toBe(2);
});

test.each([
  ["that runs", {}],
  [
    "that has paused by itself",
    { pausedBy: "breaker", pauseCode: "TIMEOUT", pausedAt: new Date(), probeAt: new Date() },
  ],
])(
  "a backlog that is due again at once does not keep a restored portal from being compared, in a queue %s",
  async (_state, pause) => {
    const server = await startServer();
    const { database } = await install(server, 1);
    const retry = { BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1" };
    const crm = await createCrmHarness({ server, database, env: retry });
    closers.push(crm.close);
    const { db } = crm.services;
    await crm.registerMany(60);
    await ask(crm);
    await answer(crm, "restored");
    await db.crmPortal.update({ where: { id: 1 }, data: pause });
    crm.newWorker().start();
    await expect.poll(() => db.reconcileRun.count({ where: { finishedAt: { not: null } } })).toBe(1);
    await synced(crm);
    expect(await findFaults(crm)).toEqual([]);
  },
);

test("a portal that was renamed sends us on, and nobody has to be asked", async () => {
  const server = await startServer();
  const crm = await install(server);
  server.portal.fail({ kind: "redirect", times: 1 });
  await crm.register();
  crm.newWorker().start();
  await synced(crm);
  expect(await findFaults(crm)).toEqual([]);
  const { portalHosts, questionAt } = await crm.services.db.installation.findUniqueOrThrow({ where: { id: 1 } });
  expect(questionAt).toBeNull();
  expect(portalHosts).toHaveLength(2);
});
