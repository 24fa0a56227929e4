import type { Actor } from "../audit/actor";
import { setPaid } from "../payments/payments";
import { webhookEvents } from "../webhooks/events";
import { WebhookSender } from "../webhooks/sender";
import { createWebhook, listDeliveries } from "../webhooks/webhooks";
import { createCrmHarness } from "./crm";
import { makeAdmin } from "./factories";
import { startReceiver } from "./receiver";

/** An installation with a program that takes its webhooks, and no webhook yet. */
export async function createWebhookHarness() {
  const crm = await createCrmHarness({ env: { WEBHOOK_INTERNAL_HOSTS: "127.0.0.1" } });
  const { services } = crm;
  const { db } = services;
  const admin: Actor & { kind: "USER" } = await makeAdmin(db);
  await db.user.update({ where: { id: admin.id }, data: { crmState: "SYNCED" } });
  const receiver = await startReceiver();
  return {
    crm,
    db,
    admin,
    receiver,
    create: (url = receiver.url, events = [...webhookEvents]) => createWebhook(services, { actor: admin, url, events }),
    send: () => new WebhookSender(services).runDue(),
    pay: (userId: number, isPaid = true) => setPaid(services, { actor: admin, origin: "page", userId, isPaid }),
    log: () => listDeliveries(services),
    /** As if the wait after the last attempt were over. */
    makeDue: () => db.webhookDelivery.updateMany({ where: { state: "pending" }, data: { nextAttemptAt: new Date() } }),
    /** For the next test: no webhooks, and a receiver that has got nothing. */
    async reset() {
      receiver.answer = (_, response) => void response.writeHead(204).end();
      receiver.received.length = 0;
      await db.webhook.deleteMany();
    },
    async close() {
      await receiver.close();
      await crm.close();
    },
  };
}
