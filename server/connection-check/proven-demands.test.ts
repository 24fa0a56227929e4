import { expect, test } from "vitest";
import type { UserField } from "../../e2e/portal/administration";
import type { PortalOptions } from "../../e2e/portal/settings";
import { changeForm, type FormState, storedForm } from "../forms/change";
import type { FormSettings } from "../forms/definition";
import { readPortalState } from "../queue/circuit-breaker";
import { resumeQueue } from "../queue/pause";
import { alertMails } from "../test/alerts";
import { type CrmHarness, startCrm } from "../test/crm";
import { admin } from "../test/factories";
import { enChecklist } from "./check-words";
import { checkIfDue } from "./kept-check";
import { checkNow } from "./recent-check";

let crm: CrmHarness;

const must: UserField = { name: "UF_CRM_MUST", type: "string", title: "Must", required: true };
const fieldsOf = (deal: UserField[]): PortalOptions => ({ userFields: { contact: [], deal } });
/** As a new portal: its own mandatory fields are told and not demanded of programs. */
const demanding: PortalOptions = { ...fieldsOf([must]), switches: { ownRequired: "ignored" } };

async function start() {
  crm = await startCrm();
  await checkIfDue(crm.services);
}

const lastCheckBefore = (ms: number) =>
  crm.services.db.crmPortal.update({ where: { id: 1 }, data: { connectionCheckAt: new Date(Date.now() - ms) } });

/** What the queue is paused for after the check of a night. */
async function pauseAtNight(change: PortalOptions): Promise<string | null> {
  crm.portal.configure(change);
  await lastCheckBefore(25 * 3_600_000);
  expect(await checkIfDue(crm.services)).toBe(true);
  return pauseCode();
}

const pauseCode = async () => (await readPortalState(crm.services)).pauseCode;
const held = () => crm.services.db.formHold.findMany({ select: { formId: true, code: true } });
/** What is held up once the portal has been asked again. */
async function heldAfterLook() {
  await lastCheckBefore(60_000);
  await checkIfDue(crm.services);
  return held();
}

const filling = "text:A=deal.UF_CRM_MUST";
/** A second form; the first one and this one have these field maps of their own. */
async function makeTwo(second: FormSettings, first: FormSettings = {}): Promise<number> {
  const { db, forms } = crm.services;
  const definition = { settings: first };
  await db.form.upsert({ where: { id: 1 }, create: { id: 1, name: "", definition }, update: { definition } });
  const { id } = await db.form.create({ data: { slug: "two", name: "Two", definition: { settings: second } } });
  await forms.reload();
  return id;
}

async function changeTwo(id: number, change: (now: FormState) => FormState) {
  const { seen } = await storedForm(crm.services, id);
  await changeForm(crm.services, { actor: admin, id, seen, change });
}
const withFields = (fields?: string) => (now: FormState) => ({
  ...now,
  definition: { ...now.definition, settings: fields === undefined ? {} : { fields } },
});

const synced = (id: number) =>
  expect.poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id } })).crmState).toBe("SYNCED");

test("a mandatory field that the portal demands of employees alone pauses only until a registration got through", async () => {
  await start();
  expect(await pauseAtNight(demanding)).toBe("UNFIT_DEMANDS");
  await resumeQueue(crm.services, { actor: admin });
  crm.newWorker().start();
  await synced(await crm.register());
  expect(await pauseAtNight({})).toBeNull();
  const line = async () => (await checkNow(crm.services))?.checks.find(({ id }) => id === "demands");
  expect(await line()).toMatchObject({ state: "warn", facts: { spared: "Must" } });

  // Another field, of which nothing is known yet.
  const other = { ...must, name: "UF_CRM_OTHER", title: "Other" };
  expect(await pauseAtNight(fieldsOf([must, other]))).toBe("UNFIT_DEMANDS");
  expect(await line()).toMatchObject({ state: "fail", facts: { fields: "Other" } });
  expect(await pauseAtNight(fieldsOf([must]))).toBeNull();

  // From now on the portal demands it of programs as well.
  crm.portal.configure({ switches: { ownRequired: "refused" } });
  await crm.register();
  await expect.poll(pauseCode).toBe("CRM_FIELD_ERROR_REQUIRED");
  expect(await line()).toMatchObject({ state: "fail", facts: { fields: "Must" } });
});

/** A field that the portal does not demand of programs, as a registration has shown, and another one that it does. */
async function startSpared() {
  await start();
  await pauseAtNight(demanding);
  await resumeQueue(crm.services, { actor: admin });
  crm.newWorker().start();
  await synced(await crm.register());
  crm.portal.configure({ required: { contact: ["lastName"], deal: [] } });
}

test("what one person did not fill in says nothing about a field that the portal does not demand of programs", async () => {
  await startSpared();
  const id = await crm.register({ lastName: null });
  const attempts = async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id } })).crmAttempts;
  await expect.poll(attempts).toBeGreaterThan(0);
  expect(await pauseAtNight({})).toBeNull();
});

test("a form whose own map fills a mandatory field proves nothing about the others", async () => {
  await start();
  const two = await makeTwo({ fields: filling });
  expect(await pauseAtNight(demanding)).toBeNull();
  expect(await held()).toEqual([{ formId: 1, code: "UNFIT_DEMANDS" }]);
  crm.newWorker().start();
  await synced(await crm.register({ formId: two }));
  expect(await pauseAtNight({})).toBeNull();
  expect(await held()).toEqual([{ formId: 1, code: "UNFIT_DEMANDS" }]);
});

test("of a form's people who wait for a mandatory field one is tried, and the others follow once one got through", async () => {
  await start();
  await makeTwo({ fields: filling });
  expect(await pauseAtNight(demanding)).toBeNull();
  expect(await held()).toEqual([{ formId: 1, code: "UNFIT_DEMANDS" }]);
  const waiting = [await crm.register(), await crm.register()];
  crm.newWorker().start();
  for (const id of waiting) await synced(id);
  expect(await heldAfterLook()).toEqual([]);
  expect(await pauseAtNight({})).toBeNull();
  expect(await held()).toEqual([]);
});

test("looks at the portal do not put off when one of a form's people is tried", async () => {
  await start();
  await makeTwo({ fields: filling });
  await pauseAtNight(demanding);
  const probeAt = async () => (await crm.services.db.formHold.findFirstOrThrow()).probeAt;
  const before = await probeAt();
  await crm.register();
  expect(await heldAfterLook()).toHaveLength(1);
  expect(await probeAt()).toEqual(before);
});

test("the portal is not asked all the time about a form that waits for a mandatory field and by which nobody registers", async () => {
  await start();
  await makeTwo({ fields: filling });
  await pauseAtNight(demanding);
  const looks = async () => {
    await lastCheckBefore(60_000);
    return checkIfDue(crm.services);
  };
  expect(await looks()).toBe(false);
  await crm.register();
  expect(await looks()).toBe(true);
  await lastCheckBefore(25 * 3_600_000);
  expect(await checkIfDue(crm.services)).toBe(true);
});

test("a form's person who is refused for a mandatory field waits without losing an attempt", async () => {
  await start();
  await makeTwo({ fields: filling });
  await pauseAtNight({ ...demanding, switches: { ownRequired: "refused" } });
  await alertMails(crm);
  const waiting = await crm.register();
  crm.newWorker().start();
  await expect.poll(held).toEqual([{ formId: 1, code: "CRM_FIELD_ERROR_REQUIRED" }]);
  expect(await heldAfterLook()).toHaveLength(1);
  expect(await crm.services.db.user.findUniqueOrThrow({ where: { id: waiting } })).toMatchObject({
    crmState: "PENDING",
    crmAttempts: 0,
  });
  const titles = async () => (await alertMails(crm)).map(({ subject }) => subject);
  expect(await titles()).toEqual([
    expect.stringMatching(/registrations wait.*UNFIT_DEMANDS/),
    expect.stringMatching(/registrations wait.*CRM_FIELD_ERROR_REQUIRED/),
  ]);
  const [first] = crm.mails;
  expect(first?.text).toContain("one registration is tried every now and then");
  expect(first?.text).not.toContain("resume the queue");
  crm.portal.configure(fieldsOf([{ ...must, required: false }]));
  await synced(waiting);
  await expect.poll(held).toEqual([]);
});

test("nobody is tried where something else does not fit as well", async () => {
  await start();
  await makeTwo({ fields: filling }, { fields: "language=deal.UF_CRM_GONE" });
  await pauseAtNight(demanding);
  expect(await held()).toEqual([{ formId: 1, code: "UNFIT_FIELDS" }]);
});

test("a field that the first form fills is proven by people of another form that leaves it empty", async () => {
  await start();
  const two = await makeTwo({}, { fields: filling });
  expect(await pauseAtNight(demanding)).toBeNull();
  expect(await held()).toEqual([{ formId: two, code: "UNFIT_DEMANDS" }]);
  crm.newWorker().start();
  await synced(await crm.register({ formId: two }));
  expect(await heldAfterLook()).toEqual([]);
});

test("a proof outlasts every change of a form but that of a map which filled the field", async () => {
  await start();
  const two = await makeTwo({}, { fields: filling });
  await pauseAtNight(demanding);
  crm.newWorker().start();
  await synced(await crm.register({ formId: two }));
  expect(await heldAfterLook()).toEqual([]);

  await changeTwo(two, (now) => ({ ...now, name: "Another name" }));
  await changeTwo(two, withFields("text:A=deal.additionalInfo"));
  await changeTwo(two, withFields());
  await pauseAtNight({});
  expect(await held()).toEqual([]);

  await changeTwo(two, withFields(filling));
  await synced(await crm.register({ formId: two }));
  await changeTwo(two, withFields());
  await pauseAtNight({});
  expect(await held()).toEqual([{ formId: two, code: "UNFIT_DEMANDS" }]);
});

test("fields that only some people fill in are told beside those that the portal does not demand of programs", async () => {
  await startSpared();
  const line = (await checkNow(crm.services))?.checks.find(({ id }) => id === "demands");
  expect(line).toMatchObject({ state: "warn", facts: { spared: "Must", sometimes: expect.any(String) } });
  const { what, todo } = enChecklist.checks.demands.bad(line?.facts ?? {});
  expect(what).toContain(line?.facts.spared);
  expect(what).toContain(line?.facts.sometimes);
  expect(todo).toMatch(/^Make them optional/);
});
