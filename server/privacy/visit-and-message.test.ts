import { expect, test } from "vitest";
import { systemActor } from "../audit/actor";
import { type CrmHarness, type CrmOptions, startCrm } from "../test/crm";
import { makeAdmin } from "../test/factories";
import { erasePerson } from "./erase";
import { retryErasure } from "./erasures";
import { eraseOnPortal } from "./portal-erasure";

const removal = "crm.tracking.trace.delete";

/** A person who is on the portal with a visit and is erased here; `turn` is one attempt on the portal. */
async function eraseHere(options: CrmOptions = {}) {
  const crm = await startCrm(options);
  const { services, portal } = crm;
  const userId = await crm.register({ utm: { utm_source: "vk", utm_campaign: "autumn" } });
  const worker = crm.newWorker();
  worker.start();
  const traceId = async () => (await services.db.user.findUniqueOrThrow({ where: { id: userId } })).crmTraceId;
  await expect.poll(traceId).not.toBeNull();
  await worker.stop();
  await erasePerson(services, { actor: systemActor, userId, cause: "self" });
  const jobs = await services.queue.fetch("crm-erasure", 5);
  const erasure = () => services.db.erasure.findUniqueOrThrow({ where: { userId } });
  const removals = () => portal.calls.filter(({ method }) => method === removal).length;
  return { crm, portal, userId, erasure, removals, turn: () => eraseOnPortal(services, jobs) };
}

const isErased = ({ portal }: Pick<CrmHarness, "portal">) =>
  [...portal.contacts.values()].every(({ fm }) => fm.length === 0);
const hindersNobody = { outage: false, page: undefined, blocked: undefined };

for (const kind of ["500", "firewall", "insufficientScope"] as const) {
  test(`a visit over whose removal the portal always fails (${kind}) holds up neither its person nor others`, async () => {
    const { portal, erasure, removals, turn } = await eraseHere();
    portal.fail({ kind, method: removal });
    expect(await turn()).toMatchObject(hindersNobody);
    expect(isErased({ portal })).toBe(true);
    expect(await erasure()).toMatchObject({ state: "pending", attempts: 1, counts: { anonymised: 2 } });
    for (let attempt = 2; attempt <= 5; attempt++) expect(await turn()).toMatchObject(hindersNobody);
    expect(await erasure()).toMatchObject({ state: "done", counts: { anonymised: 2, traces: 1 } });
    expect(removals()).toBe(5);
  });

  test(`a message over whose removal the portal always fails (${kind}) holds up neither its person nor others`, async () => {
    const { crm, portal, userId, erasure, turn } = await eraseHere();
    await crm.services.db.erasure.update({ where: { userId }, data: { toldAt: new Date(0) } });
    portal.fail({ kind, method: "im.notify.delete" });
    for (let attempt = 1; attempt <= 5; attempt++) expect(await turn()).toMatchObject(hindersNobody);
    expect(isErased({ portal })).toBe(true);
    expect(await erasure()).toMatchObject({ state: "done", toldAt: null, counts: { anonymised: 2 } });
  });
}

for (const [kind, met] of [
  ["badCredentials", { blocked: { code: "INVALID_CREDENTIALS" } }],
  ["plan", { blocked: { code: "ACCESS_DENIED" } }],
  ["500", { outage: true }],
  ["dropBefore", { outage: true }],
] as const)
  test(`a visit is not given up while the portal answers nothing (${kind})`, async () => {
    const { portal, erasure, turn } = await eraseHere();
    portal.fail({ kind: "command", method: removal, code: "ERROR_CORE", times: 1 });
    await turn();
    portal.fail({ kind });
    for (let attempt = 1; attempt <= 5; attempt++) expect(await turn()).toMatchObject(met);
    expect(await erasure()).toMatchObject({ state: "pending", attempts: 1, traceId: expect.any(Number) });
    portal.clearFaults();
    await turn();
    expect((await erasure()).counts).toEqual({ deleted: 0, anonymised: 2, left: 0 });
    expect(portal.traces.size).toBe(0);
  });

for (const isVisitRefused of [false, true])
  test(`deletion that is asked for while the records are made anonymous follows (visit ${isVisitRefused ? "refused" : "removed"})`, async () => {
    let press = async () => {};
    const { crm, portal, userId, erasure, turn } = await eraseHere({
      gateway: {
        answer: async (method, text) => {
          if (method === "crm.item.update") await press();
          return text;
        },
      },
    });
    const admin = await makeAdmin(crm.services.db);
    if (isVisitRefused) portal.fail({ kind: "command", method: removal, code: "ERROR_CORE", times: 1 });
    press = async () => {
      press = async () => {};
      await retryErasure(crm.services, { actor: admin, userId, byDeleting: true });
    };
    await turn();
    expect(await erasure()).toMatchObject({ state: "pending", mode: "delete", attempts: 0, counts: {} });
    await turn();
    expect(await erasure()).toMatchObject({ state: "done", counts: { deleted: 2 } });
    expect([portal.contacts.size, portal.deals.size, portal.traces.size]).toEqual([0, 0, 0]);
  });

test("records that are erased already are not deleted because a visit is refused", async () => {
  const { crm, portal, userId, erasure, turn } = await eraseHere();
  portal.fail({ kind: "command", method: removal, code: "ERROR_CORE", times: 1 });
  await turn();
  const before = await erasure();
  const admin = await makeAdmin(crm.services.db);
  await retryErasure(crm.services, { actor: admin, userId, byDeleting: true });
  expect(await erasure()).toEqual(before);
  await turn();
  expect(await erasure()).toMatchObject({ state: "done", mode: "anonymise", counts: { anonymised: 2 } });
  expect(portal.deals.size).toBe(1);
});

test("where the records are deleted, a visit whose removal has to wait is waited for", async () => {
  const { portal, erasure, turn } = await eraseHere({ env: { ERASE_IN_CRM: "delete" } });
  portal.fail({ kind: "operating", method: removal, times: 1 });
  await turn();
  expect([portal.contacts.size, portal.deals.size]).toEqual([1, 1]);
  expect(await erasure()).toMatchObject({ state: "pending", attempts: 0, error: "OPERATION_TIME_LIMIT", counts: {} });
});
