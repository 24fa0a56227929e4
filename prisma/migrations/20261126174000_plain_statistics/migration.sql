-- Tables, columns and functions get the names of docs/GLOSSARY.md. Processes of an older release cannot work with the new
-- names: stop them before this migration runs.

ALTER TABLE "CrmPortal" RENAME COLUMN "preflight" TO "connectionCheck";
ALTER TABLE "CrmPortal" RENAME COLUMN "preflightAt" TO "connectionCheckAt";
ALTER TABLE "CrmPortal" RENAME COLUMN "preflightPause" TO "connectionCheckPause";

ALTER TABLE "ImportRun" RENAME COLUMN "doubled" TO "duplicates";
UPDATE "ImportRun" SET "notes" = replace("notes"::text, '"double"', '"duplicate"')::jsonb WHERE "notes"::text LIKE '%"double"%';

ALTER TABLE "FigureZone" RENAME TO "StatisticZone";
ALTER TABLE "StatisticZone" RENAME CONSTRAINT "FigureZone_pkey" TO "StatisticZone_pkey";
ALTER TABLE "StatisticZone" RENAME CONSTRAINT "FigureZone_one_row" TO "StatisticZone_one_row";

ALTER FUNCTION figures_of RENAME TO statistics_of;
ALTER FUNCTION note_added_figures RENAME TO note_added_statistics;
ALTER FUNCTION note_removed_figures RENAME TO note_removed_statistics;
ALTER FUNCTION note_changed_figures RENAME TO note_changed_statistics;
ALTER FUNCTION count_figures_in RENAME TO count_statistics_in;
ALTER TRIGGER "User_figures_added" ON "User" RENAME TO "User_statistics_added";
ALTER TRIGGER "User_figures_removed" ON "User" RENAME TO "User_statistics_removed";
ALTER TRIGGER "User_figures_changed" ON "User" RENAME TO "User_statistics_changed";

-- The bodies name tables and functions as text, so they are written again.
CREATE OR REPLACE FUNCTION statistics_of(role "Role", email text, created_at timestamptz, is_paid boolean, paid_at timestamptz, source text, campaign text)
RETURNS TABLE ("day" date, "source" text, "campaign" text, "registrations" integer, "paid" integer, "payments" integer)
LANGUAGE sql STABLE AS $$
  SELECT part.day, left(coalesce($6, ''), 100), left(coalesce($7, ''), 100), part.registrations, part.paid, part.payments
  FROM "StatisticZone" z, LATERAL (VALUES
    (($3 AT TIME ZONE z."zone")::date, 1, $4::integer, 0),
    (($5 AT TIME ZONE z."zone")::date, 0, 0, 1)
  ) AS part (day, registrations, paid, payments)
  WHERE $1 = 'USER' AND $2 NOT LIKE '%@example.invalid'
    AND part.day IS NOT NULL AND (part.payments = 0 OR $4)
$$;

CREATE OR REPLACE FUNCTION note_added_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StatisticDelta" ("day", "source", "campaign", "registrations", "paid", "payments")
  SELECT f."day", f."source", f."campaign", sum(f."registrations"), sum(f."paid"), sum(f."payments")
  FROM added u, statistics_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign") f
  GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION note_removed_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StatisticDelta" ("day", "source", "campaign", "registrations", "paid", "payments")
  SELECT f."day", f."source", f."campaign", -sum(f."registrations"), -sum(f."paid"), -sum(f."payments")
  FROM removed u, statistics_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign") f
  GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION note_changed_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StatisticDelta" ("day", "source", "campaign", "registrations", "paid", "payments")
  SELECT f."day", f."source", f."campaign", sum(f.sign * f."registrations"), sum(f.sign * f."paid"), sum(f.sign * f."payments")
  FROM (
    SELECT -1 AS sign, o.* FROM statistics_of(OLD."role", OLD."email", OLD."createdAt", OLD."isPaid", OLD."paidAt", OLD."source", OLD."campaign") o
    UNION ALL
    SELECT 1, n.* FROM statistics_of(NEW."role", NEW."email", NEW."createdAt", NEW."isPaid", NEW."paidAt", NEW."source", NEW."campaign") n
  ) f
  GROUP BY 1, 2, 3
  HAVING sum(f.sign * f."registrations") <> 0 OR sum(f.sign * f."paid") <> 0 OR sum(f.sign * f."payments") <> 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION count_statistics_in(new_zone text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE "User", "StatisticDelta", "DailyStatistic" IN SHARE ROW EXCLUSIVE MODE;
  UPDATE "StatisticZone" SET "zone" = new_zone;
  DELETE FROM "StatisticDelta";
  DELETE FROM "DailyStatistic";
  INSERT INTO "DailyStatistic" ("day", "source", "campaign", "registrations", "paid", "payments")
  SELECT f."day", f."source", f."campaign", sum(f."registrations"), sum(f."paid"), sum(f."payments")
  FROM "User" u, statistics_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign") f
  GROUP BY 1, 2, 3;
END $$;
