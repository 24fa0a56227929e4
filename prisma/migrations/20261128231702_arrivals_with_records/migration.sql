-- A copy of a database leaves the registrations that waited to its original: they are complete here without records of their
-- own. They have not arrived, so neither other programs nor the people and the managers are told that they have.
CREATE OR REPLACE FUNCTION note_webhook_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "WebhookDelivery" ("webhookId", "event", "userId", "at", "snapshot")
  SELECT w."id", e.event, NEW."id", clock_timestamp(), jsonb_build_object(
    'isPaid', NEW."isPaid", 'paidAt', NEW."paidAt", 'crmState', NEW."crmState", 'reason', NEW."crmError",
    'bitrix24ContactId', NEW."bitrix24ContactId", 'bitrix24DealId', NEW."bitrix24DealId")
  FROM "Webhook" w, (VALUES
    ('payment.changed', OLD."isPaid" <> NEW."isPaid"),
    ('registration.synced', NEW."crmState" = 'SYNCED' AND NEW."crmError" IS NULL
      AND NEW."bitrix24ContactId" IS NOT NULL AND NEW."bitrix24DealId" IS NOT NULL
      AND (OLD."crmState" <> 'SYNCED' OR OLD."crmError" IS NOT NULL)),
    ('registration.failed', OLD."crmState" <> NEW."crmState" AND NEW."crmState" = 'FAILED')
  ) AS e (event, happened)
  WHERE e.happened AND w."disabledAt" IS NULL AND e.event = ANY (w."events")
  ORDER BY w."id"
  FOR KEY SHARE OF w;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER "User_person_notices" AFTER UPDATE OF "crmState", "crmError" ON "User" FOR EACH ROW
WHEN (NEW."crmState" = 'SYNCED' AND NEW."crmError" IS NULL AND (OLD."crmState" <> 'SYNCED' OR OLD."crmError" IS NOT NULL)
  AND NEW."bitrix24ContactId" IS NOT NULL AND NEW."bitrix24DealId" IS NOT NULL AND OLD."crmSyncedAt" IS NULL
  AND NEW."role" = 'USER' AND NEW."erasedAt" IS NULL AND NEW."email" NOT LIKE '%@example.invalid')
EXECUTE FUNCTION note_person_notices();
