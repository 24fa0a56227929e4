-- A change waits for a webhook that is being removed, and skips it once it is gone. Before, the message was inserted for
-- a webhook that no longer existed, which rolled back the change itself: a payment, or a registration's progress. The
-- locks are taken in the order of ids, and hinder only removals.
CREATE OR REPLACE FUNCTION note_webhook_events() RETURNS trigger LANGUAGE plpgsql AS $$
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
  ORDER BY w."id"
  FOR KEY SHARE OF w;
  RETURN NULL;
END $$;
