-- What people have agreed to: one row for each consent, so that a new wording, a withdrawal and a new consent all stay
-- on record.

-- CreateTable
CREATE TABLE "Consent" (
    "id" SERIAL NOT NULL,
    "userId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "textHash" TEXT,
    "locale" TEXT NOT NULL,
    "givenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "withdrawnAt" TIMESTAMPTZ(3),

    CONSTRAINT "Consent_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Consent_userId_id_idx" ON "Consent"("userId", "id" DESC);

-- AddForeignKey
ALTER TABLE "Consent" ADD CONSTRAINT "Consent_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "Consent" ("userId", "kind", "version", "locale", "givenAt")
SELECT "id", 'registration', "consentVersion", "locale", "consentAt" FROM "User"
WHERE "consentVersion" IS NOT NULL AND "consentAt" IS NOT NULL;

-- AlterTable
ALTER TABLE "User" DROP COLUMN "consentAt", DROP COLUMN "consentVersion", ADD COLUMN "erasedAt" TIMESTAMPTZ(3);

-- A person who was erased, and what is still to be done about it on the portal.

-- CreateTable
CREATE TABLE "Erasure" (
    "userId" INTEGER NOT NULL,
    "cause" TEXT NOT NULL,
    "actorKind" "ActorKind" NOT NULL,
    "actorId" INTEGER,
    "mode" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "doneAt" TIMESTAMPTZ(3),
    "contactId" INTEGER,
    "dealId" INTEGER,
    "salt" TEXT NOT NULL,
    "traces" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "counts" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "Erasure_pkey" PRIMARY KEY ("userId")
);

-- CreateIndex
CREATE INDEX "Erasure_requestedAt_idx" ON "Erasure"("requestedAt" DESC);

-- AddForeignKey
ALTER TABLE "Erasure" ADD CONSTRAINT "Erasure_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Counts how often a kept list was changed: a process that has it in memory reads it again.

-- AlterTable
ALTER TABLE "ImportRun" ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 0;

-- What Prisma's schema language cannot say.

-- Those that the portal has yet to follow.
CREATE INDEX "Erasure_pending_idx" ON "Erasure" ("requestedAt") WHERE "state" = 'pending';

-- An erased row stays as it was left, whichever part of the product writes to it: a request that was on its way when the
-- person was erased still brings its answer, and finds ids and states to save. Only the time until which such a request
-- may take effect is kept, since the erasing on the portal waits for it.
CREATE FUNCTION keep_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  OLD."crmInFlightUntil" := NEW."crmInFlightUntil";
  RETURN OLD;
END $$;

CREATE TRIGGER "User_keep_erased" BEFORE UPDATE ON "User" FOR EACH ROW
WHEN (OLD."erasedAt" IS NOT NULL) EXECUTE FUNCTION keep_erased();

-- Nor is anything of a person added after the erasing. The lock makes an erasing that runs at the same moment wait, and
-- then find what was added.
CREATE FUNCTION refuse_for_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE erased BOOLEAN;
BEGIN
  SELECT "erasedAt" IS NOT NULL INTO erased FROM "User" WHERE "id" = NEW."userId" FOR KEY SHARE;
  IF erased THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "Session_not_erased" BEFORE INSERT ON "Session" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
CREATE TRIGGER "SignIn_not_erased" BEFORE INSERT ON "SignIn" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
CREATE TRIGGER "Attribution_not_erased" BEFORE INSERT ON "Attribution" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
CREATE TRIGGER "PasswordReset_not_erased" BEFORE INSERT ON "PasswordReset" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
CREATE TRIGGER "EmailConfirmation_not_erased" BEFORE INSERT ON "EmailConfirmation" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
CREATE TRIGGER "Consent_not_erased" BEFORE INSERT ON "Consent" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
CREATE TRIGGER "CrmLog_not_erased" BEFORE INSERT ON "CrmLog" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
CREATE TRIGGER "Conflict_not_erased" BEFORE INSERT ON "Conflict" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
CREATE TRIGGER "DealSnapshot_not_erased" BEFORE INSERT ON "DealSnapshot" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
