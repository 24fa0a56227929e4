import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { isSigned } from "../test/receiver";
import { createWebhookHarness } from "../test/webhooks";
import type { WebhookEvent } from "./events";
import { createWebhook, listWebhooks, sendTest } from "./webhooks";

let harness: Awaited<ReturnType<typeof createWebhookHarness>>;

beforeAll(async () => {
  harness = await createWebhookHarness();
});
beforeEach(() => harness.reset());
afterAll(() => harness.close());

test("an address is kept as it is read, whatever was typed with it", async () => {
  const { receiver, create } = harness;
  expect((await create(` ${receiver.url}/\u0000\ud800\t#me`)).url).toBe(`${receiver.url}/%00%EF%BF%BD#me`);
});

test("a form that is sent twice makes one webhook, whose secret is the one that was shown last", async () => {
  const { crm, admin, receiver, create, send } = harness;
  const { id: seen } = await create("http://127.0.0.1:9/");
  const twice = await Promise.all(
    [1, 2].map(() =>
      createWebhook(crm.services, { actor: admin, url: receiver.url, events: ["payment.changed"], seen }),
    ),
  );
  const webhooks = await listWebhooks(crm.services);
  expect(webhooks).toHaveLength(2);
  const kept = twice.find(({ id }) => id === webhooks[1]?.id);
  await sendTest(crm.services, { actor: admin, id: kept?.id ?? 0 });
  await send();
  expect(receiver.received.map((message) => isSigned(message, kept?.secret ?? ""))).toEqual([true]);
});

test("a form of a page that was opened earlier removes no webhook that is in use or was made otherwise", async () => {
  const { crm, db, admin, receiver, send } = harness;
  const make = (events: WebhookEvent[] = ["payment.changed", "registration.synced"]) =>
    createWebhook(crm.services, { actor: admin, url: receiver.url, events, seen: 0 });
  const tried = await make();
  await sendTest(crm.services, { actor: admin, id: tried.id });
  await send();
  const earlier = await make();
  await db.webhook.update({ where: { id: earlier.id }, data: { createdAt: new Date(Date.now() - 3 * 60_000) } });
  const other = await make(["payment.changed"]);
  const twice = await make();
  const last = await make(["registration.synced", "payment.changed"]);

  const ids = (await listWebhooks(crm.services)).map(({ id }) => id);
  expect(ids).toEqual([tried.id, earlier.id, other.id, last.id]);
  const removed = await db.auditEntry.findMany({ where: { action: "webhook.remove", actorId: admin.id } });
  expect(removed.map(({ details }) => details)).toContainEqual({ webhookId: twice.id });
});
