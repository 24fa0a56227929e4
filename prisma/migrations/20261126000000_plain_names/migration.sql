-- Tables and columns get the names of docs/GLOSSARY.md. Processes of an older release cannot work with the new names:
-- stop them before this migration runs.

ALTER TABLE "User" RENAME COLUMN "crmIntentUntil" TO "crmInFlightUntil";
ALTER TABLE "User" RENAME COLUMN "crmUnknowns" TO "crmUncertain";

ALTER TABLE "ImportRun" RENAME COLUMN "claimedAt" TO "heartbeatAt";

ALTER TABLE "DealMirror" RENAME TO "DealSnapshot";
ALTER INDEX "DealMirror_pkey" RENAME TO "DealSnapshot_pkey";
ALTER TABLE "DealSnapshot" RENAME CONSTRAINT "DealMirror_userId_fkey" TO "DealSnapshot_userId_fkey";

ALTER TABLE "Finding" RENAME TO "Conflict";
ALTER INDEX "Finding_pkey" RENAME TO "Conflict_pkey";
ALTER INDEX "Finding_userId_id_idx" RENAME TO "Conflict_userId_id_idx";
ALTER INDEX "Finding_open_key" RENAME TO "Conflict_open_key";
ALTER INDEX "Finding_open_idx" RENAME TO "Conflict_open_idx";
ALTER TABLE "Conflict" RENAME CONSTRAINT "Finding_userId_fkey" TO "Conflict_userId_fkey";
ALTER SEQUENCE "Finding_id_seq" RENAME TO "Conflict_id_seq";
UPDATE "Conflict" SET "kind" = replace("kind", 'DOUBLE_', 'DUPLICATE_') WHERE "kind" LIKE 'DOUBLE\_%';
UPDATE "AuditEntry" SET "action" = 'conflict.resolve' WHERE "action" = 'finding.decide';

ALTER TABLE "DailyFigure" RENAME TO "DailyStatistic";
ALTER INDEX "DailyFigure_pkey" RENAME TO "DailyStatistic_pkey";
ALTER TABLE "FigureChange" RENAME TO "StatisticDelta";
ALTER INDEX "FigureChange_pkey" RENAME TO "StatisticDelta_pkey";
ALTER SEQUENCE "FigureChange_id_seq" RENAME TO "StatisticDelta_id_seq";

CREATE OR REPLACE FUNCTION note_added_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StatisticDelta" ("day", "source", "campaign", "registrations", "paid", "payments")
  SELECT f."day", f."source", f."campaign", sum(f."registrations"), sum(f."paid"), sum(f."payments")
  FROM added u, figures_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign") f
  GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION note_removed_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StatisticDelta" ("day", "source", "campaign", "registrations", "paid", "payments")
  SELECT f."day", f."source", f."campaign", -sum(f."registrations"), -sum(f."paid"), -sum(f."payments")
  FROM removed u, figures_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign") f
  GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION note_changed_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StatisticDelta" ("day", "source", "campaign", "registrations", "paid", "payments")
  SELECT f."day", f."source", f."campaign", sum(f.sign * f."registrations"), sum(f.sign * f."paid"), sum(f.sign * f."payments")
  FROM (
    SELECT -1 AS sign, o.* FROM figures_of(OLD."role", OLD."email", OLD."createdAt", OLD."isPaid", OLD."paidAt", OLD."source", OLD."campaign") o
    UNION ALL
    SELECT 1, n.* FROM figures_of(NEW."role", NEW."email", NEW."createdAt", NEW."isPaid", NEW."paidAt", NEW."source", NEW."campaign") n
  ) f
  GROUP BY 1, 2, 3
  HAVING sum(f.sign * f."registrations") <> 0 OR sum(f.sign * f."paid") <> 0 OR sum(f.sign * f."payments") <> 0;
  RETURN NULL;
END $$;
