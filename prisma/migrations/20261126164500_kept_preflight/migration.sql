-- The last connection check, and what the queue was paused for when it was made.
ALTER TABLE "CrmPortal" ADD COLUMN "preflight" JSONB,
                        ADD COLUMN "preflightAt" TIMESTAMPTZ(3),
                        ADD COLUMN "preflightPause" TEXT;
