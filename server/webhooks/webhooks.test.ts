import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { seal } from "../platform/seal";
import { giveConsent, withdrawConsent } from "../privacy/consents";
import { erasePerson } from "../privacy/erase";
import { blocked } from "../test/database";
import { makeUser } from "../test/factories";
import { isSigned } from "../test/receiver";
import { createWebhookHarness } from "../test/webhooks";
import { Maintenance } from "../worker/maintenance";
import { resealSecrets, secretPurpose } from "./secrets";
import { WebhookSender } from "./sender";
import { createWebhook, listWebhooks, removeWebhook, resendDelivery, sendTest, switchWebhook } from "./webhooks";

let harness: Awaited<ReturnType<typeof createWebhookHarness>>;

beforeAll(async () => {
  harness = await createWebhookHarness();
});
beforeEach(() => harness.reset());
afterAll(() => harness.close());

test("a receiver that answers 410 is asked no more until an administrator switches it on", async () => {
  const { crm, db, admin, receiver, create, send, pay } = harness;
  const { id } = await create();
  const person = await makeUser(db);
  await pay(person.id);
  receiver.answer = (_, response) => void response.writeHead(410).end();
  await send();
  await pay(person.id, false);
  await send();
  expect(receiver.received).toHaveLength(1);
  expect(await listWebhooks(crm.services)).toMatchObject([{ disabledAt: expect.any(String), failed: 1, waiting: 0 }]);
  const entries = await db.auditEntry.findMany({ where: { action: "webhook.disable" } });
  expect(entries).toMatchObject([{ actorKind: "SYSTEM", details: { webhookId: id } }]);

  receiver.answer = (_, response) => void response.writeHead(204).end();
  await switchWebhook(crm.services, { actor: admin, id, on: true });
  await pay(person.id);
  await send();
  expect(receiver.received).toHaveLength(2);
});

test("an erased person's messages are emptied, what waits is not sent, and nothing can be sent again", async () => {
  const { crm, db, admin, receiver, create, send, pay, log } = harness;
  await create();
  const { id } = await makeUser(db, { firstName: "Клементина" });
  await pay(id);
  await send();
  await pay(id, false);
  await erasePerson(crm.services, { actor: admin, userId: id, cause: "admin" });
  await send();
  expect(receiver.received).toHaveLength(1);
  const entries = await log();
  expect(entries).toMatchObject([
    { state: "failed", error: "erased", body: null, isErased: true },
    { state: "delivered", body: null, isErased: true },
  ]);
  const { rows } = await crm.services.pool.query('select d::text as row from "WebhookDelivery" d');
  expect(JSON.stringify(rows)).not.toContain("Клементина");
  const again = resendDelivery(crm.services, { actor: admin, id: BigInt(entries[1]?.id ?? 0) });
  await expect(again).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("nothing is sent about a person who has withdrawn the consent, also at a later attempt, until it is given again", async () => {
  const { crm, db, admin, receiver, create, send, pay, log, makeDue } = harness;
  await create();
  const { id } = await makeUser(db);
  await pay(id);
  receiver.answer = (_, response) => void response.writeHead(500).end();
  await send();
  receiver.answer = (_, response) => void response.writeHead(204).end();
  await withdrawConsent(crm.services, { actor: admin, userId: id });
  await pay(id, false);
  await makeDue();
  await send();
  expect(receiver.received).toHaveLength(1);
  const entries = await log();
  expect(entries).toMatchObject([
    { state: "failed", error: "withdrawn" },
    { state: "failed", error: "withdrawn" },
  ]);
  await giveConsent(crm.services, { actor: admin, userId: id, locale: "en" });
  await resendDelivery(crm.services, { actor: admin, id: BigInt(entries[0]?.id ?? 0) });
  await send();
  expect(receiver.received).toHaveLength(2);
  expect((await log())[0]).toMatchObject({ state: "delivered" });
});

test("an administrator sends a message again under its own id, and a test message that names no person", async () => {
  const { crm, db, admin, receiver, create, send, pay, log } = harness;
  const { id: webhookId } = await create();
  await pay((await makeUser(db)).id);
  await send();
  const [entry] = await log();
  await resendDelivery(crm.services, { actor: admin, id: BigInt(entry?.id ?? 0) });
  await send();
  const [first, second] = receiver.received;
  expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
  expect(second?.body).toBe(first?.body);

  await sendTest(crm.services, { actor: admin, id: webhookId });
  await send();
  expect(JSON.parse(receiver.received[2]?.body ?? "")).toEqual({
    type: "webhook.test",
    timestamp: expect.any(String),
    data: {},
  });
});

test("a secret is nowhere in the database, and follows a new session secret", async () => {
  const { crm, admin, receiver, log } = harness;
  const [old, present] = ["a".repeat(40), "b".repeat(40)];
  const withSecrets = (SESSION_SECRET: string) => ({
    ...crm.services,
    env: { ...crm.services.env, SESSION_SECRET: parseEnv({ SESSION_SECRET }).SESSION_SECRET },
  });
  const { secret, id } = await createWebhook(withSecrets(old), {
    actor: admin,
    url: receiver.url,
    events: ["payment.changed"],
  });
  const { rows } = await crm.services.pool.query('select w::text as row from "Webhook" w');
  expect(JSON.stringify(rows)).not.toContain(secret.slice(6));
  await sendTest(crm.services, { actor: admin, id });
  await new WebhookSender(withSecrets(`${present},${old}`)).runDue();
  expect(receiver.received.map((message) => isSigned(message, secret))).toEqual([true]);

  await sendTest(crm.services, { actor: admin, id });
  await new WebhookSender(withSecrets(present)).runDue();
  expect(receiver.received.map((message) => isSigned(message, secret))).toEqual([true, true]);

  await sendTest(crm.services, { actor: admin, id });
  await new WebhookSender(withSecrets("c".repeat(40))).runDue();
  expect(receiver.received).toHaveLength(2);
  expect((await log())[0]).toMatchObject({ state: "pending", error: "SECRET_LOST" });
});

test("a webhook that sends nothing while the session secret is changed follows the new one too", async () => {
  const { crm, db, admin, receiver, create } = harness;
  const [old, present] = ["a".repeat(40), "b".repeat(40)];
  const withSecrets = (SESSION_SECRET: string) => ({
    ...crm.services,
    env: { ...crm.services.env, SESSION_SECRET: parseEnv({ SESSION_SECRET }).SESSION_SECRET },
  });
  const { id, secret } = await create();
  const lost = await create("http://127.0.0.1:9/");
  await db.webhook.update({
    where: { id },
    data: { sealedSecret: seal(withSecrets(old).env, secretPurpose(receiver.url), secret) },
  });
  const { sealedSecret } = await db.webhook.findUniqueOrThrow({ where: { id: lost.id } });
  await resealSecrets(withSecrets(`${present},${old}`));
  await sendTest(crm.services, { actor: admin, id });
  await new WebhookSender(withSecrets(present)).runDue();
  expect(receiver.received.map((message) => isSigned(message, secret))).toEqual([true]);
  expect((await db.webhook.findUniqueOrThrow({ where: { id: lost.id } })).sealedSecret).toBe(sealedSecret);
});

test("an address inside the network is refused at once where it can be seen, and at each attempt where it cannot", async () => {
  const { crm, admin, receiver, create, log } = harness;
  const strict = { ...crm.services, env: parseEnv({}) };
  for (const url of [receiver.url, "https://10.0.0.1/", "http://example.com/"])
    await expect(createWebhook(strict, { actor: admin, url, events: ["payment.changed"] })).rejects.toMatchObject({
      code: "INVALID",
    });
  const { id } = await create();
  await sendTest(crm.services, { actor: admin, id });
  await new WebhookSender(strict).runDue();
  expect(receiver.received).toEqual([]);
  expect(await log()).toMatchObject([{ state: "pending", status: null, error: "URL_HTTPS" }]);
});

test("every change of a webhook is in the audit log, and removing one removes its messages", async () => {
  const { crm, db, admin, create, log } = harness;
  const { id } = await create();
  await sendTest(crm.services, { actor: admin, id });
  expect(await log()).toMatchObject([{ isOff: false }]);
  await switchWebhook(crm.services, { actor: admin, id, on: false });
  await switchWebhook(crm.services, { actor: admin, id, on: false });
  expect(await log()).toMatchObject([{ isOff: true }]);
  await removeWebhook(crm.services, { actor: admin, id });
  expect(await log()).toEqual([]);
  const entries = await db.auditEntry.findMany({
    where: { details: { equals: { webhookId: id } } },
    orderBy: { id: "asc" },
  });
  expect(entries.map(({ action }) => action)).toEqual([
    "webhook.create",
    "webhook.test",
    "webhook.disable",
    "webhook.remove",
  ]);
  for (const gone of [
    () => removeWebhook(crm.services, { actor: admin, id }),
    () => sendTest(crm.services, { actor: admin, id }),
  ])
    await expect(gone()).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("messages are forgotten after thirty days, those that still wait too", async () => {
  const { crm, db, admin, create, log } = harness;
  const { id } = await create();
  const at = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1_000);
  for (const [days, state] of [
    [31, "delivered"],
    [31, "pending"],
    [31, "failed"],
    [29, "pending"],
    [29, "failed"],
  ] as const)
    await db.webhookDelivery.create({ data: { webhookId: id, event: "webhook.test", at: at(days), state } });
  await new Maintenance(crm.services).runDue();
  expect((await log()).map(({ state }) => state)).toEqual(["failed", "pending"]);
  await switchWebhook(crm.services, { actor: admin, id, on: false });
  await db.webhookDelivery.updateMany({ data: { at: at(31), body: "{}" } });
  await new Maintenance(crm.services).runDue();
  expect(await log()).toEqual([]);
});

test("a webhook whose removal is under way hinders no payment, and the other ones are told", async () => {
  const { crm, db, admin, receiver, create, send, pay } = harness;
  const { id: leaving } = await create("http://127.0.0.1:9/");
  await create();
  const { id } = await makeUser(db);
  const removal = await crm.services.pool.connect();
  try {
    await removal.query("begin");
    await removal.query('delete from "Webhook" where "id" = $1', [leaving]);
    const done = Promise.allSettled([pay(id), sendTest(crm.services, { actor: admin, id: leaving })]);
    await expect.poll(() => blocked(crm.services)).toBe(2);
    await removal.query("commit");
    const [paid, tested] = await done;
    expect(paid.status).toBe("fulfilled");
    expect(tested).toMatchObject({ status: "rejected", reason: { code: "NOT_FOUND" } });
  } finally {
    removal.release(true);
  }
  expect((await db.user.findUnique({ where: { id } }))?.isPaid).toBe(true);
  await send();
  expect(receiver.of(id)).toMatchObject([{ type: "payment.changed" }]);
});

test("a webhook whose removal is given up is told of what happened meanwhile", async () => {
  const { crm, db, receiver, create, send, pay } = harness;
  const { id: webhookId } = await create();
  const { id } = await makeUser(db);
  const removal = await crm.services.pool.connect();
  try {
    await removal.query("begin");
    await removal.query('delete from "Webhook" where "id" = $1', [webhookId]);
    const paying = pay(id);
    await expect.poll(() => blocked(crm.services)).toBe(1);
    await removal.query("rollback");
    await paying;
  } finally {
    removal.release(true);
  }
  await send();
  expect(receiver.of(id)).toMatchObject([{ type: "payment.changed" }]);
});
