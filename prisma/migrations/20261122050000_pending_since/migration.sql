-- Since when a registration waits. The day of registering does not tell: an import brings days of past years, and what
-- was given up and sent again waits since then.

-- AlterTable
ALTER TABLE "User" ADD COLUMN "crmPendingSince" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

UPDATE "User" SET "crmPendingSince" = "createdAt" WHERE "crmState" = 'PENDING';

-- A trigger, so that no way back into the queue can forget it.
CREATE FUNCTION note_pending_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."crmPendingSince" := now();
  RETURN NEW;
END $$;

CREATE TRIGGER "User_pending_since" BEFORE UPDATE OF "crmState" ON "User" FOR EACH ROW
WHEN (NEW."crmState" = 'PENDING' AND OLD."crmState" <> 'PENDING') EXECUTE FUNCTION note_pending_since();

CREATE INDEX "User_pending_since_idx" ON "User" ("crmPendingSince") WHERE "crmState" = 'PENDING';
