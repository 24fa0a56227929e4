-- Mails about a person who has reached the CRM: which kinds are wanted, and one row for each person and kind.
CREATE TABLE "NoticeKind" (
    "kind" TEXT NOT NULL,

    CONSTRAINT "NoticeKind_pkey" PRIMARY KEY ("kind")
);

CREATE TABLE "PersonNotice" (
    "id" BIGSERIAL NOT NULL,
    "userId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attemptedAt" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "PersonNotice_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "PersonNotice" ADD CONSTRAINT "PersonNotice_userId_fkey"
  FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE UNIQUE INDEX "PersonNotice_userId_kind_key" ON "PersonNotice"("userId", "kind");
CREATE INDEX "PersonNotice_at_idx" ON "PersonNotice"("at");
CREATE INDEX "PersonNotice_due_idx" ON "PersonNotice"("kind", "nextAttemptAt") WHERE "state" = 'pending';

-- In the transaction that notes the arrival in the CRM, and only of the first one: a resend tells nobody. Imported people
-- have given no consent here, and have not registered themselves; those of test registrations do not exist.
CREATE FUNCTION note_person_notices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "PersonNotice" ("userId", "kind")
  SELECT NEW."id", k."kind" FROM "NoticeKind" k
  WHERE EXISTS (SELECT 1 FROM "Consent" c WHERE c."userId" = NEW."id")
  ORDER BY k."kind"
  ON CONFLICT ("userId", "kind") DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER "User_person_notices" AFTER UPDATE OF "crmState" ON "User" FOR EACH ROW
WHEN (OLD."crmState" <> NEW."crmState" AND NEW."crmState" = 'SYNCED' AND OLD."crmSyncedAt" IS NULL
  AND NEW."role" = 'USER' AND NEW."erasedAt" IS NULL AND NEW."email" NOT LIKE '%@example.invalid')
EXECUTE FUNCTION note_person_notices();
