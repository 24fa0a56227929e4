/** What other programs can be told of. A trigger on User notes them: see the migration `webhooks`. */
export const webhookEvents = ["registration.synced", "registration.failed", "payment.changed"] as const;

export type WebhookEvent = (typeof webhookEvents)[number];

/** Sent by the page's button, whatever the webhook is subscribed to. */
export const testEvent = "webhook.test";

export const isWebhookEvent = (text: unknown): text is WebhookEvent => webhookEvents.some((event) => event === text);
