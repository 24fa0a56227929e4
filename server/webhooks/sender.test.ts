import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { makeUser } from "../test/factories";
import { isSigned, startReceiver } from "../test/receiver";
import { createWebhookHarness } from "../test/webhooks";
import { waits } from "./deliveries";
import { WebhookSender } from "./sender";

let harness: Awaited<ReturnType<typeof createWebhookHarness>>;

beforeAll(async () => {
  harness = await createWebhookHarness();
});
beforeEach(() => harness.reset());
afterAll(() => harness.close());

test("a message keeps its id and its bytes through all attempts, and is tried for a day", async () => {
  const { db, receiver, create, send, pay, log, makeDue } = harness;
  const { secret } = await create();
  const { id } = await makeUser(db);
  await pay(id);
  receiver.answer = (_, response) => void response.writeHead(500).end();
  for (let attempt = 0; attempt <= waits.length + 1; attempt++) {
    await send();
    await makeDue();
  }
  expect(receiver.received).toHaveLength(waits.length + 1);
  expect(new Set(receiver.received.map(({ headers, body }) => `${headers["webhook-id"]} ${body}`)).size).toBe(1);
  expect(receiver.received.every((message) => isSigned(message, secret))).toBe(true);
  expect(await log()).toMatchObject([{ state: "failed", status: 500, attempts: waits.length + 1 }]);
  const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600;
  expect(hours).toBeGreaterThan(22);
  expect(hours).toBeLessThan(26);
});

test("after a failure the next attempt waits, longer each time", async () => {
  const { db, receiver, create, send, pay, makeDue } = harness;
  await create();
  await pay((await makeUser(db)).id);
  receiver.answer = (_, response) => void response.writeHead(503).end();
  for (const wait of waits.slice(0, 3)) {
    await send();
    await send();
    const [row] = await db.webhookDelivery.findMany();
    const planned = (row?.nextAttemptAt.getTime() ?? 0) - (row?.attemptedAt?.getTime() ?? 0);
    expect(planned / 1_000).toBeGreaterThan(wait * 0.8);
    await makeDue();
  }
  expect(receiver.received).toHaveLength(3);
});

test.each([
  ["behind", -7_200_000],
  ["ahead of", 7_200_000],
])("a process whose clock is %s the database's waits between attempts as long as any other", async (_name, by) => {
  const { db, receiver, create, send, pay } = harness;
  await create();
  await pay((await makeUser(db)).id);
  receiver.answer = (_, response) => void response.writeHead(503).end();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + by });
  onTestFinished(() => void vi.useRealTimers());
  await send();
  const [row] = await db.$queryRaw<{ wait: number }[]>`
    select extract(epoch from "nextAttemptAt" - "attemptedAt")::float8 as wait from "WebhookDelivery"`;
  expect(row?.wait).toBeGreaterThan((waits[0] ?? 0) * 0.8);
  expect(row?.wait).toBeLessThan(60);
});

test("a message is sent by one of several processes, and by another one if that dies during the attempt", async () => {
  const { db, receiver, create, send, pay, makeDue } = harness;
  await create();
  await pay((await makeUser(db)).id);
  await Promise.all(Array.from({ length: 4 }, send));
  expect(receiver.received).toHaveLength(1);

  await pay((await makeUser(db)).id);
  const claimed = { attempts: 1, nextAttemptAt: new Date(Date.now() + 60_000) };
  await db.webhookDelivery.updateMany({ where: { state: "pending" }, data: claimed });
  await send();
  expect(receiver.received).toHaveLength(1);
  await makeDue();
  await send();
  expect(receiver.received).toHaveLength(2);
});

test("a receiver that hangs holds up neither another one nor the registrations", async () => {
  const { crm, db, receiver, create, pay } = harness;
  const hanging = await startReceiver(() => {});
  await create(hanging.url);
  await create();
  const sender = new WebhookSender(crm.services);
  const { id } = await makeUser(db, { crmState: "SYNCED" });
  await pay(id);
  await sender.startDue();
  await expect.poll(() => hanging.received.length).toBe(1);
  await expect.poll(() => receiver.of(id).length).toBe(1);

  const userId = await crm.register();
  const worker = crm.newWorker();
  worker.start();
  await expect.poll(async () => (await db.user.findUnique({ where: { id: userId } }))?.crmState).toBe("SYNCED");
  await worker.stop();
  await sender.startDue();
  await expect.poll(() => receiver.of(userId).length).toBe(1);
  expect(hanging.received).toHaveLength(1);
  await hanging.close();
  await sender.stop();
});
