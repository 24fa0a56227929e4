-- When this database was brought back from a backup, so that nobody is erased by what the backup could not know. A restore of an
-- earlier release's backup has added the column before.
ALTER TABLE "CrmPortal" ADD COLUMN IF NOT EXISTS "restoredAt" TIMESTAMPTZ(3);
