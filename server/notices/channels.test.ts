import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Alert } from "../alerts/kinds";
import { endAlert, raiseAlert } from "../alerts/raise";
import { deletePortion } from "../database/old-rows";
import { botToken, createAlertHarness } from "../test/alert-harness";
import { claimMessage, composeMessages, oldAlertMessages, recordSent } from "./alert-messages";
import { AlertSender, watchAlerts } from "./alert-sender";

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

test("a bot gets the alert as plain text in its chat, and its token is in no log and no row", async () => {
  const { desk, messages, makeDue, receiver, bodies, telegram } = harness;
  const { send, raise, lines } = desk({ ...telegram(), ALERT_LANGUAGE: "ru" });
  receiver.answer = (_, response) => void response.writeHead(200).end('{"ok":true}');
  await raise({ kind: "failed", facts: { code: "X_<b>[url]", field: "*_`", userId: 7 } });
  await makeDue();
  await send();
  expect(bodies()).toMatchObject([
    { chat_id: "-1001", text: expect.stringContaining("регистрация 7 не дошла (X_<b>[url]") },
  ]);
  expect(bodies()[0]).not.toHaveProperty("parse_mode");
  receiver.answer = (_, response) => void response.writeHead(401).end('{"ok":false,"description":"Unauthorized"}');
  await raise(paused);
  await send();
  const rows = await messages();
  expect(rows.map(({ state, error }) => [state, error])).toEqual([
    ["sent", null],
    ["pending", "HTTP_401"],
  ]);
  const kept = JSON.stringify([lines, rows.map(({ id: _, ...row }) => row)]);
  expect(kept).not.toContain(botToken);
  expect(kept).not.toContain(botToken.split(":")[1]);
});

test("a bot's server that asks for patience is given it", async () => {
  const { desk, messages, receiver, telegram } = harness;
  const { send, raise } = desk(telegram());
  receiver.answer = (_, response) => void response.writeHead(429).end('{"ok":false,"parameters":{"retry_after":900}}');
  await raise(paused);
  const at = Date.now();
  await send();
  const [message] = await messages();
  expect((message?.nextAttemptAt.getTime() ?? 0) - at).toBeGreaterThanOrEqual(900_000);
});

test("a text that is too long for a bot is cut between characters", async () => {
  const { desk, makeDue, bodies, telegram } = harness;
  const { send, raise } = desk(telegram());
  for (let index = 0; index < 40; index++) await raise(failed(index, `CODE_${"🙂".repeat(60)}_${index}`));
  await makeDue();
  await send();
  const { text } = bodies()[0];
  expect(text.length).toBeGreaterThan(4_000);
  expect(text.length).toBeLessThanOrEqual(4_096);
  expect(text.isWellFormed()).toBe(true);
});

test("an address gets JSON with the words and the facts, under the same id at every attempt", async () => {
  const { desk, makeDue, receiver, bodies, address } = harness;
  const { send, raise } = desk(address());
  receiver.answer = (_, response) => void response.writeHead(500).end();
  await raise(paused);
  await send();
  receiver.answer = (_, response) => void response.writeHead(200).end();
  await makeDue();
  await send();
  const [first, second] = bodies();
  expect(second).toEqual(first);
  expect(first).toMatchObject({
    id: expect.stringMatching(/^alert-\d+$/),
    title: expect.stringContaining("the queue is paused"),
    text: expect.stringContaining("/admin/crm"),
    alerts: [{ cause: "queue", kind: "queue", facts: { code: "INVALID_CREDENTIALS" }, count: 1, isOver: false }],
  });
});

test("an address inside the network gets nothing unless it is allowed", async () => {
  const { desk, messages, receiver } = harness;
  const { send, raise } = desk({ ALERT_URL: receiver.url });
  await raise(paused);
  await send();
  expect(receiver.received).toEqual([]);
  expect(await messages()).toMatchObject([{ state: "pending", error: "URL_HTTPS" }]);
});

test("a channel that hangs holds up no other one", async () => {
  const { desk, mails, messages, receiver, telegram, db } = harness;
  const sender = new AlertSender(desk({ ...telegram(), ALERT_EMAIL: "ops@example.com" }));
  receiver.answer = () => {};
  await raiseAlert(desk(), paused);
  await sender.startDue();
  await expect.poll(() => mails().length).toBe(1);
  expect((await messages()).find(({ channel }) => channel === "telegram")?.state).toBe("pending");
  receiver.answer = (_, response) => void response.writeHead(204).end();
  await db.alertMessage.deleteMany();
});

test("in the language of the settings: one of both, or both", async () => {
  const { desk, mails } = harness;
  for (const [language, words] of [
    ["en", [/^[ -~]*$/s]],
    ["ru", [/очередь остановлена/]],
    ["both", [/очередь остановлена/, /Queue status/]],
  ] as const) {
    const { db, send, raise } = desk({ ALERT_EMAIL: "ops@example.com", ALERT_LANGUAGE: language });
    await raise(paused);
    await send();
    await db.alert.deleteMany();
    const mail = mails().at(-1);
    for (const word of words)
      expect(`${mail?.subject} ${mail?.text.replace(/[“”’—–]/g, "")}`.replaceAll("\n", " ")).toMatch(word);
  }
});

test("a process that does not know a channel leaves its messages to those that know it", async () => {
  const { desk, mails, messages, makeDue, mailbox, telegram } = harness;
  const { send, raise } = desk();
  mailbox.refuse(true);
  await raise(paused);
  await send();
  mailbox.refuse(false);
  await makeDue();
  await desk({}).send();
  await desk(telegram()).send();
  expect(await messages()).toMatchObject([{ channel: "mail", state: "pending", attempts: 1 }]);
  expect(mails()).toEqual([]);
  await send();
  expect(mails()).toHaveLength(1);
});

test("a channel that is removed during an attempt has lost no attempt and no message", async () => {
  const { desk, messages } = harness;
  const { db, send, raise } = desk();
  await raise(paused);
  await composeMessages(desk());
  const message = await claimMessage({ db }, "mail");
  if (!message) throw new Error("nothing to claim");
  await recordSent({ db }, message, { ok: false, code: "OFF" });
  expect(await messages()).toMatchObject([{ state: "pending", attempts: 0, error: null }]);
  await send();
  expect(await messages()).toMatchObject([{ state: "sent", attempts: 1 }]);
});

test("a channel that was removed from all processes is not sent to, and after a day nothing waits for it", async () => {
  const { desk, mails, messages, makeDue, mailbox, db } = harness;
  const { send, raise } = desk();
  mailbox.refuse(true);
  await raise(paused);
  await send();
  mailbox.refuse(false);
  await makeDue();
  await desk({}).send();
  expect(await messages()).toMatchObject([{ state: "pending" }]);
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await db.alertMessage.updateMany({ data: { at: yesterday } });
  // Attempted lately: a process knows the channel.
  await desk({}).send();
  expect(await messages()).toMatchObject([{ state: "pending" }]);
  await db.alertMessage.updateMany({ data: { attemptedAt: yesterday } });
  await desk({}).send();
  expect(await messages()).toMatchObject([{ state: "failed", error: "OFF" }]);
  expect(mails()).toEqual([]);
});

test("without a channel nothing counts as told: the first one that is set up tells what is still there", async () => {
  const { desk, mails, messages } = harness;
  const silent = desk({});
  await silent.raise(paused);
  await silent.raise({ kind: "moved", facts: {} });
  await silent.send();
  await endAlert(silent.db, "moved");
  await silent.send();
  expect(await messages()).toEqual([]);
  expect(await silent.db.alert.findMany()).toMatchObject([{ cause: "queue", toldAt: null, dueAt: expect.any(Date) }]);
  await desk().send();
  expect(mails()).toHaveLength(1);
  expect(mails()[0]?.subject).toContain("the queue is paused");
});

test("a channel that is away for longer than a day gets no message of it any more", async () => {
  const { desk, messages, makeDue, mailbox } = harness;
  const { send, raise } = desk();
  mailbox.refuse(true);
  await raise(paused);
  for (let attempt = 0; attempt < 10; attempt++) {
    await makeDue();
    await send();
  }
  expect(await messages()).toMatchObject([{ state: "failed", attempts: 10 }]);
});

test("a running process finds by itself what is to be told, and that it is over", async () => {
  const { desk, mails } = harness;
  const deps = desk();
  const stop = watchAlerts(deps, { everyMs: 10, endsEvery: 1 });
  onTestFinished(stop);
  await deps.db.crmPortal.update({ where: { id: 1 }, data: { alertedCode: "INVALID_CREDENTIALS" } });
  await deps.raise(paused);
  await expect.poll(() => mails().length).toBe(1);
  await deps.db.crmPortal.update({ where: { id: 1 }, data: { alertedCode: null } });
  await expect.poll(() => mails().length).toBe(2);
});

test("what was sent is forgotten after thirty days", async () => {
  const { desk, messages } = harness;
  const { db, send, raise } = desk();
  await raise(paused);
  await send();
  await deletePortion(db, oldAlertMessages());
  expect(await messages()).toHaveLength(1);
  await db.alertMessage.updateMany({ data: { at: new Date(Date.now() - 31 * 24 * 3_600_000) } });
  await deletePortion(db, oldAlertMessages());
  expect(await messages()).toEqual([]);
});
