-- The time of an event is that of the change, while the person's row is locked, instead of that at which the transaction
-- began: a bulk change that waited for a lock told a time before that of a change which it had waited for, and receivers,
-- who are to go by the time, kept the wrong payment.
CREATE OR REPLACE FUNCTION note_webhook_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "WebhookDelivery" ("webhookId", "event", "userId", "at", "snapshot")
  SELECT w."id", e.event, NEW."id", clock_timestamp(), jsonb_build_object(
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
