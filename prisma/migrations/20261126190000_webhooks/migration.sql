-- Webhooks to other programs: who is told of what, and every message with its attempts.
CREATE TABLE "Webhook" (
    "id" SERIAL NOT NULL,
    "url" TEXT NOT NULL,
    "events" TEXT[] NOT NULL,
    "sealedSecret" TEXT NOT NULL,
    "createdById" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabledAt" TIMESTAMPTZ(3),

    CONSTRAINT "Webhook_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "WebhookDelivery" (
    "id" BIGSERIAL NOT NULL,
    "webhookId" INTEGER NOT NULL,
    "messageId" TEXT NOT NULL DEFAULT 'msg_' || replace(gen_random_uuid()::text, '-', ''),
    "event" TEXT NOT NULL,
    "userId" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "snapshot" JSONB NOT NULL DEFAULT '{}',
    "body" TEXT,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attemptedAt" TIMESTAMPTZ(3),
    "durationMs" INTEGER,
    "status" INTEGER,
    "error" TEXT,

    CONSTRAINT "WebhookDelivery_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "WebhookDelivery" ADD CONSTRAINT "WebhookDelivery_webhookId_fkey"
  FOREIGN KEY ("webhookId") REFERENCES "Webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "WebhookDelivery" ADD CONSTRAINT "WebhookDelivery_userId_fkey"
  FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE INDEX "WebhookDelivery_webhookId_id_idx" ON "WebhookDelivery"("webhookId", "id" DESC);
CREATE INDEX "WebhookDelivery_userId_idx" ON "WebhookDelivery"("userId");
CREATE INDEX "WebhookDelivery_at_idx" ON "WebhookDelivery"("at");
CREATE INDEX "WebhookDelivery_due_idx" ON "WebhookDelivery"("webhookId", "nextAttemptAt") WHERE "state" = 'pending';

-- In the transaction of the change, whichever code makes it: a change that is rolled back tells nobody, and one that is
-- committed is never forgotten. People of test registrations are not told of.
CREATE FUNCTION note_webhook_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "WebhookDelivery" ("webhookId", "event", "userId", "snapshot")
  SELECT w."id", e.event, NEW."id", jsonb_build_object(
    'isPaid', NEW."isPaid", 'paidAt', NEW."paidAt", 'crmState', NEW."crmState", 'reason', NEW."crmError",
    'bitrix24ContactId', NEW."bitrix24ContactId", 'bitrix24DealId', NEW."bitrix24DealId")
  FROM "Webhook" w, (VALUES
    ('payment.changed', OLD."isPaid" <> NEW."isPaid"),
    ('registration.synced', OLD."crmState" <> NEW."crmState" AND NEW."crmState" = 'SYNCED'),
    ('registration.failed', OLD."crmState" <> NEW."crmState" AND NEW."crmState" = 'FAILED')
  ) AS e (event, happened)
  WHERE e.happened AND w."disabledAt" IS NULL AND e.event = ANY (w."events")
  ORDER BY w."id";
  RETURN NULL;
END $$;

CREATE TRIGGER "User_webhook_events" AFTER UPDATE OF "isPaid", "crmState" ON "User" FOR EACH ROW
WHEN (NEW."erasedAt" IS NULL AND NEW."email" NOT LIKE '%@example.invalid'
  AND (OLD."isPaid" <> NEW."isPaid" OR OLD."crmState" <> NEW."crmState"))
EXECUTE FUNCTION note_webhook_events();
