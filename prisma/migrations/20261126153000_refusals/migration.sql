-- Which step and which field of the portal a pause is about, and the alert of it.
ALTER TABLE "CrmPortal" ADD COLUMN "pauseStep" TEXT,
                        ADD COLUMN "pauseField" TEXT,
                        ADD COLUMN "alertedStep" TEXT,
                        ADD COLUMN "alertedField" TEXT;

ALTER TABLE "User" ADD COLUMN "crmErrorField" TEXT;

-- Who was turned down, where, and how: compared, it tells one person's fault from everybody's.
CREATE TABLE "CrmRefusal" (
  "step"        TEXT NOT NULL,
  "code"        TEXT NOT NULL,
  "userId"      INTEGER NOT NULL REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "field"       TEXT,
  "at"          TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "burnt"       INTEGER NOT NULL DEFAULT 0,
  "disprovedAt" TIMESTAMPTZ(3),
  CONSTRAINT "CrmRefusal_pkey" PRIMARY KEY ("step", "code", "userId")
);
CREATE INDEX "CrmRefusal_userId_idx" ON "CrmRefusal" ("userId");
