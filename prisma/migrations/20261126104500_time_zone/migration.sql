-- Days begin and end by one zone, the installation's. The overview's counts are kept by day, so the database has to know
-- it; the start of a process writes here what the environment says.

-- CreateTable
CREATE TABLE "FigureZone" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "zone" TEXT NOT NULL,

    CONSTRAINT "FigureZone_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "FigureZone_one_row" CHECK ("id" = 1)
);

INSERT INTO "FigureZone" ("zone") VALUES ('UTC');

-- No longer IMMUTABLE: the zone is part of what it depends on.
CREATE OR REPLACE FUNCTION figures_of(role "Role", email text, created_at timestamptz, is_paid boolean, paid_at timestamptz, source text, campaign text)
RETURNS TABLE ("day" date, "source" text, "campaign" text, "registrations" integer, "paid" integer, "payments" integer)
LANGUAGE sql STABLE AS $$
  SELECT part.day, left(coalesce($6, ''), 100), left(coalesce($7, ''), 100), part.registrations, part.paid, part.payments
  FROM "FigureZone" z, LATERAL (VALUES
    (($3 AT TIME ZONE z."zone")::date, 1, $4::integer, 0),
    (($5 AT TIME ZONE z."zone")::date, 0, 0, 1)
  ) AS part (day, registrations, paid, payments)
  WHERE $1 = 'USER' AND $2 NOT LIKE '%@example.invalid'
    AND part.day IS NOT NULL AND (part.payments = 0 OR $4)
$$;

-- Counts everybody anew by another zone's days. Registrations and the folding of notes wait meanwhile, a few seconds for
-- a million people; whoever comes after that already counts by the new zone.
CREATE FUNCTION count_figures_in(new_zone text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE "User", "StatisticDelta", "DailyStatistic" IN SHARE ROW EXCLUSIVE MODE;
  UPDATE "FigureZone" SET "zone" = new_zone;
  DELETE FROM "StatisticDelta";
  DELETE FROM "DailyStatistic";
  INSERT INTO "DailyStatistic" ("day", "source", "campaign", "registrations", "paid", "payments")
  SELECT f."day", f."source", f."campaign", sum(f."registrations"), sum(f."paid"), sum(f."payments")
  FROM "User" u, figures_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign") f
  GROUP BY 1, 2, 3;
END $$;
