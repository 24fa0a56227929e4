-- When a backup was last written, for the alert that none was for days.
ALTER TABLE "CrmPortal" ADD COLUMN "backedUpAt" TIMESTAMPTZ(3);
