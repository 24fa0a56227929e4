-- No step was ever logged as PARTIAL: a batch is logged command by command. PasswordReset."usedAt" is not used any more
-- either, as a used link is deleted; its column stays, because an older release may run on this database.
ALTER TYPE "CrmOutcome" RENAME TO "CrmOutcome_before";
CREATE TYPE "CrmOutcome" AS ENUM ('OK', 'NO', 'UNKNOWN');
ALTER TABLE "CrmLog" ALTER COLUMN "outcome" TYPE "CrmOutcome"
  USING (CASE "outcome"::text WHEN 'PARTIAL' THEN 'UNKNOWN' ELSE "outcome"::text END)::"CrmOutcome";
DROP TYPE "CrmOutcome_before";
