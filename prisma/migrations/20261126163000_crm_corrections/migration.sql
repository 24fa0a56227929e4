-- A person's details that were changed after the portal was told of them, until the portal has followed.
CREATE TABLE "CrmCorrection" (
  "userId"    INTEGER NOT NULL REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "state"     TEXT NOT NULL,
  "told"      JSONB NOT NULL DEFAULT '[]',
  "revision"  INTEGER NOT NULL DEFAULT 1,
  "changedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "settledAt" TIMESTAMPTZ(3),
  "attempts"  INTEGER NOT NULL DEFAULT 0,
  "error"     TEXT,
  CONSTRAINT "CrmCorrection_pkey" PRIMARY KEY ("userId")
);

-- What Prisma's schema language cannot say.

-- Those that the portal has yet to follow.
CREATE INDEX "CrmCorrection_pending_idx" ON "CrmCorrection" ("changedAt") WHERE "state" = 'pending';

CREATE TRIGGER "CrmCorrection_not_erased" BEFORE INSERT ON "CrmCorrection" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
