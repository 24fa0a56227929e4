import { afterEach, beforeEach, expect, test } from "vitest";
import type { FaultRule } from "../../e2e/portal/faults";
import type { FormSettings } from "../forms/definition";
import { createLog } from "../platform/log";
import { observedBitrix24 } from "../start";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { AnswerShapes } from "./answer-shapes";
import { runTrial } from "./trial";
import { isTrialGood, trialText } from "./trial-report";

// Patient, since a trial whose request is not answered in time fails; less than a removal waits for what may still arrive.
const env = { BITRIX24_PAID_STAGE_ID: "WON", BITRIX24_TIMEOUT_MS: "4000" };
let crm: CrmHarness;
beforeEach(async () => {
  crm = await createCrmHarness({ env });
});
afterEach(() => crm.close());

async function tried(harness: CrmHarness = crm) {
  const shapes = new AnswerShapes();
  const services = { ...harness.services, log: createLog("silent") };
  const report = await runTrial(
    services,
    observedBitrix24(services, (...told) => shapes.note(...told)),
    shapes,
  );
  const text = trialText(report, services.env, { schema: "20260101000000_x", now: new Date() });
  return { report, text, states: Object.fromEntries(report.steps.map(({ name, state }) => [name, state])) };
}

/** The trial has left nothing, in the database and on the portal. */
async function expectNothingLeft(): Promise<void> {
  expect([crm.portal.contacts.size, crm.portal.deals.size]).toEqual([0, 0]);
  expect(await crm.services.db.user.count()).toBe(0);
}

async function firstFormHas(settings: FormSettings): Promise<void> {
  await crm.services.db.form.update({ where: { id: 1 }, data: { definition: { settings } } });
  await crm.services.forms.reload();
}

test("a trial moves the deal to the first form's own stage of paid deals, and nowhere if it has none", async () => {
  await firstFormHas({ funnel: "1", paidStage: "C1:WON" });
  expect((await tried()).states).toMatchObject({ paid: "ok", back: "ok", removal: "ok" });
  expect(crm.portal.calls.filter((call) => call.method === "crm.item.update" && call.executed)).toHaveLength(2);
  await firstFormHas({ paidStage: "" });
  expect((await tried()).states).toMatchObject({ paid: "skipped", back: "skipped" });
  await expectNothingLeft();
});

test("a stage of paid deals of the first form's that the portal lacks stops the trial", async () => {
  for (const settings of [{ paidStage: "PAID" }, { funnel: "1" }, { funnel: "1", paidStage: "WON" }]) {
    await firstFormHas(settings);
    const { report, states } = await tried();
    expect(states).toEqual({ identity: "ok", check: "failed" });
    expect(report.steps.at(-1)?.notes).toEqual(["red: paidStage"]);
  }
  await expectNothingLeft();
});

test("a trial carries one registration through, to the paid stage and back, and leaves nothing behind", async () => {
  const { report, states } = await tried();
  expect(states).toEqual({
    identity: "ok",
    check: "ok",
    registration: "ok",
    records: "ok",
    paid: "ok",
    back: "ok",
    removal: "ok",
  });
  expect(isTrialGood(report)).toBe(true);
  expect(report.methods.filter(({ differences, unknown }) => differences.length > 0 || unknown)).toEqual([]);
  expect(report.methods.map(({ method }) => method)).toEqual(
    expect.arrayContaining([
      "crm.item.add",
      "crm.item.update",
      "crm.item.productrow.set",
      "crm.item.delete",
      "profile",
    ]),
  );
  expect(crm.portal.calls.filter((call) => call.method === "crm.item.update" && call.executed)).toHaveLength(2);
  await expectNothingLeft();
});

const faults: [name: string, fault: FaultRule, failed: string][] = [
  ["the contact is refused", { kind: "command", method: "crm.item.add", code: "ODD", times: 1 }, "registration"],
  ["the product row is refused", { kind: "command", method: "crm.item.productrow.set", code: "ODD" }, "registration"],
  ["the answer to a creation is lost", { kind: "dropAfter", method: "crm.item.add", times: 1 }, "registration"],
  ["the deal cannot be moved", { kind: "command", method: "crm.item.update", code: "ODD" }, "paid"],
];
test.each(faults)("when %s, all that was made goes again", async (_name, fault, failed) => {
  crm.portal.fail(fault);
  const { report, states } = await tried();
  expect(states[failed]).toBe("failed");
  expect(states.removal).toBe("ok");
  expect(isTrialGood(report)).toBe(false);
  await expectNothingLeft();
});

test("a portal that stores no phones and e-mails fails the trial, also where no contact tells it beforehand", async () => {
  crm.portal.configure({ switches: { universalCommunications: "unknown" } });
  const { report, states } = await tried();
  expect(states).toMatchObject({ check: "ok", records: "failed", removal: "ok" });
  expect(report.steps.find(({ name }) => name === "records")?.notes).toEqual([
    "contact: the e-mail is not what was sent",
    "contact: the phone is not what was sent",
  ]);
  await expectNothingLeft();
});

test("records that stay are told with where to remove them", async () => {
  crm.portal.fail({ kind: "badCredentials", match: "crm.item.delete" });
  const { report, text } = await tried();
  expect(report.steps.at(-1)).toMatchObject({ name: "removal", state: "failed" });
  expect(text).toMatch(/remove test registration \d+ on the page \/bitrix24-test/);
  expect(await crm.services.db.user.count()).toBe(1);
});

test("a portal that is not the known one is refused, nothing is written, and nobody else is stopped", async () => {
  await crm.services.bitrix24.portal.assertKnown(crm.services.bitrix24.client);
  crm.portal.becomeAnother({ customers: 1 });
  const { states } = await tried();
  expect(states).toEqual({ identity: "failed" });
  expect([crm.portal.contacts.size, crm.portal.deals.size]).toEqual([1, 1]);
  expect(await crm.services.db.user.count()).toBe(0);
  expect((await crm.services.db.installation.findUniqueOrThrow({ where: { id: 1 } })).question).toBeNull();
});

test("nothing is tried on a portal where registrations would fail", async () => {
  const red = await createCrmHarness({ server: crm, env: { ...env, BITRIX24_PRODUCT_ID: "4711" } });
  const { states } = await tried(red);
  await red.close();
  expect(states).toEqual({ identity: "ok", check: "failed" });
  expect(crm.portal.contacts.size).toBe(0);
});

test("the report holds neither the portal's address nor its key, nor anything that people typed", async () => {
  crm.portal.staff.addContact({ name: "Пелагея" }, { emails: ["pelageya@vyrubova.example"] });
  const { text } = await tried();
  const { hostname, port, pathname } = new URL(String(crm.services.env.BITRIX24_WEBHOOK_URL));
  // A port's digits alone may be some of a time or an id.
  for (const secret of [
    hostname,
    `:${port}`,
    pathname.split("/")[3],
    "Пелагея",
    "vyrubova",
    "example.invalid",
    "+3363998",
  ])
    expect(text).not.toContain(secret);
  expect(text).toContain("result: good");
  expect(text).toContain("crm.item.add: 2, as documented");
});

test("an answer of another shape is told by its place and kind, without what stood there", () => {
  const shapes = new AnswerShapes();
  const answered = (method: string, value: unknown) => shapes.note(method, { ok: true, value });
  answered("crm.item.add", { item: { id: "secret 7" } });
  answered("crm.item.list", { items: [{ id: 1 }, { id: null }, { id: null }] });
  answered("crm.duplicate.findbycomm", { CONTACT: ["secret"] });
  answered("crm.new.method", 1);
  expect(JSON.stringify(shapes.all)).not.toContain("secret");
  expect(shapes.all).toMatchObject([
    { method: "crm.duplicate.findbycomm", differences: [".CONTACT[]: expected number, found string"] },
    { method: "crm.item.add", differences: [".item.id: expected number, found string"] },
    { method: "crm.item.list", differences: [".items[].id: expected number, found null"] },
    { method: "crm.new.method", unknown: true },
  ]);
});
