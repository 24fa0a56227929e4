import fc from "fast-check";
import { expect, test } from "vitest";
import type { Traced } from "../bitrix24/trace";
import { erasePerson } from "../privacy/erase";
import { getErasure, retryErasure } from "../privacy/erasures";
import { readPortalState } from "../queue/circuit-breaker";
import { newestChange, saveSettings } from "../settings/change";
import { type CrmHarness, type CrmOptions, findFaults, type Registered, startCrm } from "../test/crm";
import { admin, userOf } from "../test/factories";
import { propertySeed } from "../test/property";
import { createProgressStore } from "./progress-store";
import { traceText } from "./trace-text";

let crm: CrmHarness;

const start = async (options?: CrmOptions) => {
  crm = await startCrm(options);
};
const synced = (ids: number[]) =>
  expect.poll(() => crm.services.db.user.count({ where: { id: { in: ids }, crmState: "SYNCED" } })).toBe(ids.length);

const campaign = { utm_source: "vk", utm_campaign: "autumn" };

/** Registers people first, so that one run takes them together. */
async function sendAll(people: Partial<Registered>[]): Promise<number[]> {
  const ids: number[] = [];
  for (const person of people) ids.push(await crm.register(person));
  crm.newWorker().start();
  await synced(ids);
  return ids;
}

/** The traces that are linked with a person's deal. */
async function tracesOf(id: number) {
  const { bitrix24DealId } = await userOf(crm, id);
  return [...crm.portal.traces.values()].filter(({ entities }) =>
    entities.some((entity) => entity.type === "DEAL" && entity.id === bitrix24DealId),
  );
}

const asked = () => crm.portal.calls.filter(({ method }) => method === "crm.tracking.trace.add");

test("a visit with tags makes one trace of contact and deal, in the request of the product row", async () => {
  await start();
  const [id = 0] = await sendAll([
    { utm: { ...campaign, gclid: "Cj0K", yclid: "77", referrer: "https://vk.com/feed" } },
  ]);
  const { bitrix24ContactId, bitrix24DealId, crmTraceId, crmInFlightUntil } = await userOf(crm, id);
  const traces = await tracesOf(id);
  expect(traces).toEqual([
    {
      id: crmTraceId,
      entities: [
        { type: "CONTACT", id: bitrix24ContactId },
        { type: "DEAL", id: bitrix24DealId },
      ],
      trace: expect.objectContaining({
        ref: "https://vk.com/feed",
        tags: { list: { ...campaign, yclid: "77" }, gclid: "Cj0K" },
      }),
    },
  ]);
  expect(crmInFlightUntil).toBeNull();
  const rows = crm.portal.calls.filter(({ method }) => method === "crm.item.productrow.set");
  expect(asked().map(({ request }) => request)).toEqual(rows.map(({ request }) => request));
  expect(
    await crm.services.db.crmLog.count({ where: { userId: id, method: "crm.tracking.trace.add", outcome: "OK" } }),
  ).toBe(1);
});

test("a visit that says nothing, and one while the setting is off, make no trace", async () => {
  await start();
  const [plain = 0] = await sendAll([{}]);
  const seen = await newestChange(crm.services);
  await saveSettings(crm.services, { actor: admin, texts: { traces: "off" }, seen });
  const off = await crm.register({ utm: campaign });
  await synced([off]);
  expect([await tracesOf(plain), await tracesOf(off), asked()]).toEqual([[], [], []]);
});

test("a contact that existed before is not linked with what a visitor brings", async () => {
  await start();
  const known = crm.portal.staff.addContact({ name: "Anna" }, { emails: ["anna@example.com"] });
  const [id = 0] = await sendAll([{ email: "anna@example.com", utm: campaign }]);
  const { bitrix24ContactId, bitrix24DealId } = await userOf(crm, id);
  expect(bitrix24ContactId).toBe(known.id);
  expect((await tracesOf(id)).map(({ entities }) => entities)).toEqual([[{ type: "DEAL", id: bitrix24DealId }]]);
});

test("a portal without the method is asked once, and everybody arrives without another request", async () => {
  await start({ portal: { limits: { bucket: 0 }, missingMethods: ["crm.tracking.*"] } });
  await sendAll(Array.from({ length: 12 }, () => ({ utm: campaign })));
  expect(await findFaults(crm)).toEqual([]);
  // Those that stood in the same request were halted by the first, and are not sent alone afterwards.
  expect(new Set(asked().map(({ request }) => request)).size).toBeLessThanOrEqual(1);
  const next = await crm.register({ utm: campaign });
  await synced([next]);
  expect(await crm.services.db.user.count({ where: { crmTraceId: { not: null } } })).toBe(0);
  expect(crm.lines.filter(({ msg }) => String(msg).includes("takes no traces"))).toHaveLength(1);
});

test("one refused trace keeps no other from its place", async () => {
  await start();
  const remove = crm.portal.fail({
    kind: "command",
    method: "crm.tracking.trace.add",
    match: "odd",
    code: "ERROR_CORE",
    text: "No access",
  });
  const ids = await sendAll([{ utm: campaign }, { utm: { utm_source: "odd" } }, { utm: campaign }, { utm: campaign }]);
  remove();
  expect(await findFaults(crm)).toEqual([]);
  // Those that the refused one halted follow in a request of their own.
  const counts = () => Promise.all(ids.map(async (id) => (await tracesOf(id)).length));
  await expect.poll(counts).toEqual([1, 0, 1, 1]);
});

for (const kind of ["dropAfter", "dropBefore", "hang", "502", "cutJson"] as const)
  test(`a lost answer about row and trace doubles neither: ${kind}`, async () => {
    await start({ env: kind === "hang" ? { BITRIX24_TIMEOUT_MS: "1000" } : {} });
    crm.portal.fail({ kind, match: "tracking", times: 1 });
    const ids = await sendAll([{ utm: campaign }, { utm: campaign }, { utm: campaign }]);
    expect(await findFaults(crm)).toEqual([]);
    for (const id of ids) expect((await tracesOf(id)).length).toBeLessThanOrEqual(1);
  });

test("a request that was refused as too fast is sent again with its traces", async () => {
  await start();
  crm.portal.fail({ kind: "limit", match: "tracking", times: 1 });
  const ids = await sendAll([{ utm: campaign }, { utm: campaign }]);
  for (const id of ids) expect(await tracesOf(id)).toHaveLength(1);
});

test("marks arrive letter by letter whatever they hold, in batches, and nothing acts as a macro", async () => {
  await start();
  const texts = fc.oneof(
    fc.constantFrom(
      "$result[c0][item][id]",
      "$NEXT",
      "$Time",
      "a$error[c1]b",
      '"},{"',
      "\\u0024",
      "😀 Ж",
      "a&b=c#d+e%41",
    ),
    fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() !== ""),
  );
  const marks = fc.sample(texts, { numRuns: 24, seed: propertySeed });
  // The portal keeps four-byte letters here, so that every text can arrive.
  const ids = await sendAll(marks.map((utm_term) => ({ utm: { utm_source: "vk", utm_term } })));
  for (const [index, id] of ids.entries()) {
    const [found] = await tracesOf(id);
    expect(found?.trace).toMatchObject({ tags: { list: { utm_source: "vk", utm_term: marks[index] } } });
  }
  const requests = new Set(asked().map(({ request }) => request));
  expect(requests.size).toBeLessThanOrEqual(6);
});

test("erasing a person removes the trace", async () => {
  await start();
  const [id = 0, other = 0] = await sendAll([{ utm: campaign }, { utm: campaign }]);
  expect(crm.portal.traces.size).toBe(2);
  await erasePerson(crm.services, { actor: admin, userId: id, cause: "admin" });
  await expect
    .poll(() => crm.services.db.erasure.findUnique({ where: { userId: id } }))
    .toMatchObject({ state: "done" });
  expect(await tracesOf(other)).toHaveLength(1);
  expect(crm.portal.traces.size).toBe(1);
  expect((await userOf(crm, id)).crmTraceId).toBeNull();
});

/** Erases a person and waits for the portal's part. */
async function erased(userId: number) {
  await erasePerson(crm.services, { actor: admin, userId, cause: "admin" });
  const erasure = () => crm.services.db.erasure.findUnique({ where: { userId } });
  await expect.poll(erasure).toMatchObject({ state: "done" });
  return erasure();
}

for (const kind of ["dropAfter", "cutJson"] as const)
  test(`erasing tells that a trace whose answer was lost may remain: ${kind}`, async () => {
    await start({ env: { BITRIX24_TIMEOUT_MS: "2000" } });
    crm.portal.fail({ kind, match: "tracking", times: 1 });
    const [id = 0] = await sendAll([{ utm: campaign }]);
    expect(await tracesOf(id)).toHaveLength(1);
    expect(await erased(id)).toMatchObject({ counts: { traces: 1 } });
    expect(await getErasure(crm.services, id)).toMatchObject({ counts: { traces: 1 } });
  });

test.each(["ERROR_CORE", "ACCESS_DENIED", ""])(
  "a portal that refuses to remove a trace (%j) holds up no record, and is told of as one that may keep it",
  async (code) => {
    await start();
    const [id = 0] = await sendAll([{ utm: campaign }]);
    const { bitrix24ContactId } = await userOf(crm, id);
    const method = "crm.tracking.trace.delete";
    crm.portal.fail({ kind: "command", method, code, text: "You have no access to entity DEAL with ID 1." });
    expect(await erased(id)).toMatchObject({
      counts: { deleted: 0, anonymised: 2, left: 0, traces: 1 },
      traceId: null,
      error: null,
    });
    expect(crm.portal.contacts.get(bitrix24ContactId ?? 0)).toMatchObject({ fm: [] });
    // Each of the five attempts asks for the visit alone: contact and deal were changed once, at the first.
    expect(crm.portal.calls.filter(({ method: asked }) => asked === method)).toHaveLength(5);
    expect(crm.portal.idleWrites).toBe(0);
    expect((await readPortalState(crm.services)).pauseCode).toBeNull();
  },
);

test("a trace that the portal refuses to remove at first is gone once it does", async () => {
  await start();
  const [id = 0] = await sendAll([{ utm: campaign }]);
  crm.portal.fail({ kind: "command", method: "crm.tracking.trace.delete", code: "ERROR_CORE", times: 2 });
  expect((await erased(id))?.counts).toEqual({ deleted: 0, anonymised: 2, left: 0 });
  expect(crm.portal.traces.size).toBe(0);
});

test("erasing tells of no trace where it was removed, refused or never sent", async () => {
  await start({ env: { BITRIX24_TIMEOUT_MS: "2000" } });
  const remove = crm.portal.fail({
    kind: "command",
    method: "crm.tracking.trace.add",
    match: "odd",
    code: "ERROR_ARGUMENT",
    text: "Trace is wrong",
  });
  const ids = await sendAll([{ utm: campaign }, { utm: { utm_source: "odd" } }, {}]);
  remove();
  for (const id of ids) expect((await erased(id))?.counts, String(id)).not.toHaveProperty("traces");
  expect(crm.portal.traces.size).toBe(0);
});

test.each<[string, (traceId: number) => Traced, object]>([
  ["its id", (traceId) => ({ userId: 1, outcome: "OK", untried: false, traceId }), {}],
  ["that it was refused", () => ({ userId: 1, outcome: "NO", code: "ERROR_CORE", untried: false }), {}],
  ["that nothing is known", () => ({ userId: 1, outcome: "UNKNOWN", code: "TIMEOUT", untried: false }), { traces: 1 }],
])("a trace that is on its way at the erasing is followed when the portal tells %s", async (_what, outcome, left) => {
  await start({ env: { BITRIX24_TIMEOUT_MS: "2000" } });
  const [id = 0] = await sendAll([{ utm: campaign }]);
  await expect.poll(() => userOf(crm, id)).toMatchObject({ crmTraceId: expect.any(Number) });
  const { crmTraceId } = await userOf(crm, id);
  const { db } = crm.services;
  // As if the answer had not arrived yet.
  await db.crmLog.deleteMany({ where: { userId: id, method: "crm.tracking.trace.add" } });
  const later = new Date(Date.now() + 3_600_000);
  await db.user.update({ where: { id }, data: { crmTraceId: null, crmInFlightUntil: later } });
  await erasePerson(crm.services, { actor: admin, userId: id, cause: "admin" });
  await createProgressStore(crm.services).recordTraces([{ ...outcome(crmTraceId ?? 0), userId: id }]);
  await db.user.update({ where: { id }, data: { crmInFlightUntil: null } });
  await retryErasure(crm.services, { actor: admin, userId: id, byDeleting: false });
  const erasure = () => db.erasure.findUnique({ where: { userId: id } });
  await expect.poll(erasure).toMatchObject({ state: "done" });
  expect((await erasure())?.counts).toEqual({ deleted: 0, anonymised: 2, left: 0, ...left });
  if (outcome(1).outcome === "OK") expect(crm.portal.traces.size).toBe(0);
});

test("the first touch is told as an earlier visit, and only ASCII without a macro travels", async () => {
  await start();
  const first = { utm_source: "Ж", landing: "/a", at: "2026-01-02T03:04:05.000Z" };
  const last = { utm_source: "$result", landing: "/b", at: "2026-02-03T04:05:06.000Z", referrer: "https://x.example/" };
  const text = traceText({ first, last }, "https://site.example") ?? "";
  expect(text).toMatch(/^[\x20-\x7e]+$/);
  expect(text).not.toContain("$");
  expect(JSON.parse(text)).toEqual({
    url: "https://site.example/b",
    ref: "https://x.example/",
    tags: { ts: 1770091506, list: { utm_source: "$result" } },
    pages: { list: [["https://site.example/b", 1770091506]] },
    previous: {
      list: [
        {
          url: "https://site.example/a",
          ref: "",
          tags: { ts: 1767323045, list: { utm_source: "Ж" } },
          pages: { list: [["https://site.example/a", 1767323045]] },
        },
      ],
    },
  });
  expect(traceText({ first: { landing: "/" }, last: null }, "https://site.example")).toBeNull();
});
