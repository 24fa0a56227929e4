import { expect, test } from "vitest";
import type { FaultRule } from "../../e2e/portal/faults";
import { readCommands } from "../../e2e/portal/protocol/batch";
import { readCorrection } from "../corrections/corrections";
import { after, arrived, before, change, settled } from "../test/corrections";
import { type CrmHarness, startCrm } from "../test/crm";
import { erase, erasureOf, isDone } from "../test/erasures";
import { userOf } from "../test/factories";
import { type Asked, type Garble, garbled, missing, reads } from "../test/garbled-answers";
import { correctOnPortal } from "./corrections/correct-portal";
import { eraseOnPortal } from "./portal-erasure";

const other = { ...before, email: "ivan@old.example", phone: "+79160000001" };

/** Two people on the portal; no worker runs from then on. */
async function start(garble: Garble = () => undefined) {
  const crm = await startCrm({ gateway: garbled(garble) });
  const worker = crm.newWorker();
  worker.start();
  const ids = [await arrived(crm), await arrived(crm, other)] as [number, number];
  await worker.stop();
  return { crm, ids };
}

const contactId = async (crm: CrmHarness, id: number) => (await userOf(crm, id)).bitrix24ContactId ?? 0;

interface Oddity {
  /** What the portal answers in place of the contact. */
  told?: (result: unknown) => unknown;
  /** What becomes of commands that ask for the contact. */
  faults?: (isOdd: (command: Asked) => boolean) => FaultRule[];
}

const oddities: [name: string, oddity: Oddity][] = [
  ["ERROR_CORE", { faults: (match) => [{ kind: "command", match }] }],
  ["an empty list", { told: () => ({ item: [] }) }],
  ["a contact with odd phones", { told: (result) => ({ item: { ...(result as { item: object }).item, fm: "none" } }) }],
  ["the end of the request", { faults: (match) => [{ kind: "500html", match }] }],
  [
    "the refusal of the request",
    {
      faults: (match) => [
        { kind: "command", match },
        { kind: "command", method: "batch", match: ({ params }) => readCommands(params).some(match) },
      ],
    },
  ],
  ["neither result nor error", { told: () => missing }],
];

test.each(oddities)("a contact in whose place comes %s costs no other correction an attempt", async (_name, oddity) => {
  let odd = 0;
  const { crm, ids } = await start((command, result) => (reads(3, [odd])(command) ? oddity.told?.(result) : undefined));
  odd = await contactId(crm, ids[0]);
  for (const fault of oddity.faults?.(reads(3, [odd])) ?? []) crm.portal.fail(fault);
  for (const [place, id] of ids.entries()) await change(crm, id, { ...after, phone: `+7916111223${place}` });
  const jobs = await crm.services.queue.fetch("crm-correction", 25);
  expect(jobs).toHaveLength(2);
  expect(await correctOnPortal(crm.services, jobs)).toMatchObject({ outage: false });
  expect(await readCorrection(crm.services, ids[1])).toMatchObject({ state: "done", error: null });
  const { db } = crm.services;
  expect(await db.crmCorrection.findUnique({ where: { userId: ids[0] } })).toMatchObject({
    state: "pending",
    attempts: 1,
  });
  odd = 0;
  crm.portal.clearFaults();
  crm.newWorker().start();
  await settled(crm, ids[0]);
});

/** Portals that refuse all that is asked of them, without a server error's status. */
const refusesAll: [name: string, faults: FaultRule[]][] = [
  ["every command", [{ kind: "command" }]],
  ["every request", [{ kind: "command" }, { kind: "command", method: "batch" }]],
];

test.each(refusesAll)("a portal that refuses %s costs no correction an attempt", async (_name, faults) => {
  const { crm, ids } = await start();
  const { db, queue } = crm.services;
  for (const [place, id] of ids.entries()) await change(crm, id, { ...after, phone: `+7916111223${place}` });
  for (const fault of faults) crm.portal.fail(fault);
  expect(await correctOnPortal(crm.services, await queue.fetch("crm-correction", 25))).toMatchObject({ outage: true });
  const rows = await db.crmCorrection.findMany({ where: { state: "pending" } });
  expect(rows.map(({ attempts }) => attempts)).toEqual([0, 0]);
});

test.each(refusesAll)("a portal that refuses %s costs no erasure an attempt", async (_name, faults) => {
  const { crm, ids } = await start();
  for (const id of ids) await erase(crm, id);
  for (const fault of faults) crm.portal.fail(fault);
  const jobs = await crm.services.queue.fetch("crm-erasure", 5);
  expect(await eraseOnPortal(crm.services, jobs)).toMatchObject({ synced: 0, outage: true });
  for (const id of ids) expect(await erasureOf(crm, id)).toMatchObject({ state: "pending", attempts: 0 });
});

/** Five corrections wait, and the portal ends each request that reads one of these people's contacts. */
async function startFive(places: number[]) {
  const { crm, ids } = await start();
  const { db, queue } = crm.services;
  const worker = crm.newWorker();
  worker.start();
  const all: number[] = [...ids];
  for (const place of [2, 3, 4])
    all.push(await arrived(crm, { ...before, email: `person${place}@old.example`, phone: `+7916000000${place}` }));
  await worker.stop();
  for (const [place, id] of all.entries()) await change(crm, id, { ...after, phone: `+7916111223${place}` });
  const odd = await Promise.all(places.map((place) => contactId(crm, all[place] as number)));
  crm.portal.fail({ kind: "500html", match: reads(3, odd) });
  const run = await correctOnPortal(crm.services, await queue.fetch("crm-correction", 25));
  const rows = await db.crmCorrection.findMany({ orderBy: { userId: "asc" } });
  return { run, rows: rows.map(({ state, attempts }) => [state, attempts]) };
}

test("a portal that breaks down over each contact and answers otherwise costs no correction an attempt", async () => {
  const { run, rows } = await startFive([0, 1, 2, 3, 4]);
  expect(run).toMatchObject({ outage: true });
  expect(rows).toEqual(Array.from({ length: 5 }, () => ["pending", 0]));
});

test("three neighbours that the portal breaks down over hold up no correction behind them", async () => {
  const { run, rows } = await startFive([0, 1, 2]);
  expect(run).toMatchObject({ outage: false });
  expect(rows).toEqual([...[1, 2, 3].map(() => ["pending", 1]), ["done", 0], ["done", 0]]);
});

test("records over which the portal breaks down hold up their own erasure alone", async () => {
  const { crm, ids } = await start();
  for (const id of ids) await erase(crm, id);
  crm.portal.fail({ kind: "500", method: "crm.item.list", match: `user-${ids[0]}` });
  crm.portal.fail({
    kind: "500html",
    match: ({ params }) => JSON.stringify(params.filter ?? "").includes(`user-${ids[0]}`),
  });
  const jobs = await crm.services.queue.fetch("crm-erasure", 5);
  expect(await eraseOnPortal(crm.services, jobs)).toMatchObject({ synced: 1, outage: false, page: undefined });
  expect(await erasureOf(crm, ids[0])).toMatchObject({ state: "pending", attempts: 1 });
  expect(await erasureOf(crm, ids[1])).toMatchObject({ state: "done" });
  crm.portal.clearFaults();
  crm.newWorker().start();
  await isDone(crm, ids[0]);
});

test("records of which batches tell nothing hold up their own erasure alone", async () => {
  let odd = "";
  const { crm, ids } = await start(({ params }) =>
    odd && JSON.stringify(params.filter ?? "").includes(odd) ? missing : undefined,
  );
  for (const id of ids) await erase(crm, id);
  odd = `user-${ids[0]}`;
  const jobs = await crm.services.queue.fetch("crm-erasure", 5);
  expect(await eraseOnPortal(crm.services, jobs)).toMatchObject({ synced: 1, outage: false });
  expect(await erasureOf(crm, ids[0])).toMatchObject({ state: "pending", attempts: 1 });
  expect(await erasureOf(crm, ids[1])).toMatchObject({ state: "done" });
});

test("an erasure passes over no deal whose contacts the portal does not tell", async () => {
  const { crm, ids } = await start();
  const { bitrix24DealId } = await userOf(crm, ids[0]);
  const copy = crm.portal.staff.addContact({ name: "Accountant" });
  const { db } = crm.services;
  // A second deal with the person's external id, whose main contact is another one.
  const second = crm.portal.staff.addDeal({ ...(await crm.mark(ids[0])), title: "Сделка" });
  crm.portal.staff.linkContacts(second.id, [copy.id, await contactId(crm, ids[0])]);
  expect(second.id).not.toBe(bitrix24DealId);
  crm.portal.fail({ kind: "command", match: reads(2, [second.id]) });
  await erase(crm, ids[0]);
  await eraseOnPortal(crm.services, await crm.services.queue.fetch("crm-erasure", 5));
  expect(await db.erasure.findUnique({ where: { userId: ids[0] } })).toMatchObject({ state: "pending", attempts: 1 });
});
