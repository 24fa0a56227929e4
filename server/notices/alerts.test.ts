import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Alert } from "../alerts/kinds";
import { endAlert } from "../alerts/raise";
import { createAlertHarness } from "../test/alert-harness";
import { makeUser } from "../test/factories";
import { endAlerts } from "./alert-ends";
import { claimMessage } from "./alert-messages";
import { AlertSender } from "./alert-sender";

let harness: Awaited<ReturnType<typeof createAlertHarness>>;
beforeAll(async () => {
  harness = await createAlertHarness();
});
afterAll(() => harness.close());
afterEach(() => harness.reset());

const paused: Alert = { kind: "queue", facts: { code: "INVALID_CREDENTIALS" } };
const failed = (userId: number, code = "CRM_FIELD_ERROR_VALUE_NOT_VALID"): Alert => ({
  kind: "failed",
  facts: { code, field: "Phone (PHONE)", userId },
});

test("what fails person by person is collected, and told once for each cause with its number", async () => {
  const { desk, mails, makeDue } = harness;
  const { send, raise } = desk();
  for (const userId of [1, 2, 3]) await raise(failed(userId));
  await raise(failed(4, "ACCESS_DENIED"));
  await send();
  expect(mails()).toEqual([]);
  await makeDue();
  await Promise.all([send(), send()]);
  await send();
  expect(mails()).toHaveLength(1);
  expect(mails()[0]).toMatchObject({
    to: ["ops@example.com"],
    subject: expect.stringContaining("3 registrations failed"),
  });
  expect(mails()[0]?.subject).toContain("(+1)");
  expect(mails()[0]?.text).toContain("registration 4 failed permanently (ACCESS_DENIED");
});

test("what stops all is told at once, together with what is being collected", async () => {
  const { desk, mails } = harness;
  const { send, raise } = desk();
  await raise(failed(1));
  await raise(paused);
  await send();
  expect(mails()).toHaveLength(1);
  expect(mails()[0]?.text).toContain("the queue is paused");
  expect(mails()[0]?.text).toContain("registration 1 failed permanently");
});

test("a cause that goes on is told again after a day, with its number, and not before", async () => {
  const { desk, mails, makeDue } = harness;
  const { db, send, raise } = desk();
  await raise(failed(1));
  await makeDue();
  await send();
  for (const userId of [2, 3]) await raise(failed(userId));
  await send();
  expect(mails()).toHaveLength(1);
  const [row] = await db.alert.findMany();
  expect((row?.dueAt?.getTime() ?? 0) - (row?.toldAt?.getTime() ?? 0)).toBe(24 * 3_600_000);
  await makeDue();
  await send();
  expect(mails()[1]?.subject).toContain("3 registrations failed");
});

test("that a cause is over is told once, whichever process notices it", async () => {
  const { desk, mails, makeDue } = harness;
  const one = desk();
  const { id } = await makeUser(one.db, {
    crmState: "FAILED",
    crmError: "ACCESS_DENIED",
    crmErrorField: "Phone (PHONE)",
  });
  await one.raise(failed(id, "ACCESS_DENIED"));
  await makeDue();
  await one.send();
  await endAlerts(one);
  await one.send();
  expect(mails()).toHaveLength(1);
  await one.db.user.update({ where: { id }, data: { crmState: "SYNCED" } });
  await Promise.all([endAlerts(one), endAlerts(desk())]);
  await Promise.all([one.send(), desk().send()]);
  expect(mails()[1]?.subject).toContain("no failed registrations are left");
  expect(mails()).toHaveLength(2);
  expect(await one.db.alert.count()).toBe(0);
});

test("what is over before it was told is not told at all", async () => {
  const { desk, mails } = harness;
  const { db, send, raise } = desk();
  await raise(paused);
  await endAlert(db, "queue");
  await send();
  expect(mails()).toEqual([]);
});

test("a cause that comes back after its end is told as a new one", async () => {
  const { desk, mails } = harness;
  const { db, send, raise } = desk();
  await raise(paused);
  await send();
  await endAlert(db, "queue");
  await raise(paused);
  await send();
  expect(mails().map(({ subject }) => subject)).toEqual([
    expect.stringContaining("the queue is paused"),
    expect.stringContaining("the queue is paused"),
  ]);
});

test("an alert waits while the mail server refuses, and arrives once when it is back, also after a restart", async () => {
  const { desk, mails, messages, makeDue, mailbox } = harness;
  const { send, raise, lines } = desk();
  mailbox.refuse(true);
  await raise(paused);
  await send();
  expect(await messages()).toMatchObject([{ state: "pending", attempts: 1, error: expect.any(String) }]);
  // Not before its time.
  mailbox.refuse(false);
  await send();
  expect(mails()).toEqual([]);
  await makeDue();
  await desk().send();
  await send();
  expect(mails()).toHaveLength(1);
  expect(await messages()).toMatchObject([{ state: "sent", attempts: 2, error: null }]);
  expect(lines.join()).not.toContain("ops@example.com");
});

test("a process that dies with a message in hand keeps nobody from sending it", async () => {
  const { desk, mails, messages, makeDue } = harness;
  const { db, send, raise } = desk();
  await raise(paused);
  const dying = new AlertSender({ ...desk(), mail: { send: () => new Promise(() => {}) } });
  await dying.startDue();
  await expect.poll(async () => (await messages())[0]?.attempts).toBe(1);
  expect(await claimMessage({ db }, "mail")).toBeNull();
  await makeDue();
  await send();
  expect(mails()).toHaveLength(1);
});

test("a later message waits for the earlier one of its channel: an end is not told before its beginning", async () => {
  const { desk, mails, makeDue, mailbox } = harness;
  const { db, send, raise } = desk();
  mailbox.refuse(true);
  await raise(paused);
  await send();
  await endAlert(db, "queue");
  mailbox.refuse(false);
  await send();
  expect(mails()).toEqual([]);
  await makeDue();
  await send();
  expect(mails().map(({ subject }) => subject)).toEqual([
    expect.stringContaining("the queue is paused"),
    expect.stringContaining("registrations are sent again"),
  ]);
});
