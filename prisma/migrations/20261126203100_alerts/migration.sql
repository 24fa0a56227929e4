-- What administrators are to be told: one row for each cause that lasts, and one message for each channel.
CREATE TABLE "Alert" (
    "cause" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,
    "openedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "dueAt" TIMESTAMPTZ(3),
    "toldAt" TIMESTAMPTZ(3),
    "overAt" TIMESTAMPTZ(3),

    CONSTRAINT "Alert_pkey" PRIMARY KEY ("cause")
);

CREATE TABLE "AlertMessage" (
    "id" BIGSERIAL NOT NULL,
    "channel" TEXT NOT NULL,
    "items" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attemptedAt" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "AlertMessage_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "AlertMessage_channel_id_idx" ON "AlertMessage"("channel", "id" DESC);
CREATE INDEX "AlertMessage_due_idx" ON "AlertMessage"("channel", "id") WHERE "state" = 'pending';

-- What an earlier release has told by mail is not told again; that it is over is told all the same.
INSERT INTO "Alert" ("cause", "kind", "facts", "toldAt")
SELECT 'queue', 'queue', jsonb_strip_nulls(jsonb_build_object('code', "alertedCode", 'step', "alertedStep", 'field', "alertedField")),
  CURRENT_TIMESTAMP
FROM "CrmPortal" WHERE "alertedCode" IS NOT NULL;
INSERT INTO "Alert" ("cause", "kind", "facts", "toldAt")
SELECT 'responsible:' || "id", 'responsible', jsonb_build_object('id', "id"), CURRENT_TIMESTAMP FROM "RefusedResponsible";
