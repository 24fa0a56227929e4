-- Amounts beside the counts, in cents of US dollars: of all registrations of a day, of those of them that are paid, and of the
-- payments made on a day. They are kept by the same triggers, so that they are right for the same reasons.
ALTER TABLE "DailyStatistic" ADD COLUMN "amount" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "paidAmount" BIGINT NOT NULL DEFAULT 0, ADD COLUMN "revenue" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "StatisticDelta" ADD COLUMN "amount" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "paidAmount" BIGINT NOT NULL DEFAULT 0, ADD COLUMN "revenue" BIGINT NOT NULL DEFAULT 0;

-- What a row adds to the statistics, with its amounts.
CREATE FUNCTION amounts_of(role "Role", email text, created_at timestamptz, is_paid boolean, paid_at timestamptz, source text, campaign text,
                           sale jsonb, product jsonb)
RETURNS TABLE ("day" date, "source" text, "campaign" text, "registrations" integer, "paid" integer, "payments" integer,
               "amount" bigint, "paidAmount" bigint, "revenue" bigint)
LANGUAGE sql STABLE AS $$
  SELECT f."day", f."source", f."campaign", f."registrations", f."paid", f."payments",
    f."registrations" * w.cents, f."paid" * w.cents, f."payments" * w.cents
  FROM statistics_of($1, $2, $3, $4, $5, $6, $7) f, LATERAL (SELECT coalesce(deal_cents($8, $9), 0) AS cents) w
$$;

CREATE OR REPLACE FUNCTION note_added_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StatisticDelta" ("day", "source", "campaign", "registrations", "paid", "payments", "amount", "paidAmount", "revenue")
  SELECT f."day", f."source", f."campaign", sum(f."registrations"), sum(f."paid"), sum(f."payments"),
    sum(f."amount"), sum(f."paidAmount"), sum(f."revenue")
  FROM added u, amounts_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign",
    u."crmSale", u."crmProduct") f
  GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION note_removed_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StatisticDelta" ("day", "source", "campaign", "registrations", "paid", "payments", "amount", "paidAmount", "revenue")
  SELECT f."day", f."source", f."campaign", -sum(f."registrations"), -sum(f."paid"), -sum(f."payments"),
    -sum(f."amount"), -sum(f."paidAmount"), -sum(f."revenue")
  FROM removed u, amounts_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign",
    u."crmSale", u."crmProduct") f
  GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION note_changed_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StatisticDelta" ("day", "source", "campaign", "registrations", "paid", "payments", "amount", "paidAmount", "revenue")
  SELECT f."day", f."source", f."campaign", sum(f.sign * f."registrations"), sum(f.sign * f."paid"), sum(f.sign * f."payments"),
    sum(f.sign * f."amount"), sum(f.sign * f."paidAmount"), sum(f.sign * f."revenue")
  FROM (
    SELECT -1 AS sign, o.* FROM amounts_of(OLD."role", OLD."email", OLD."createdAt", OLD."isPaid", OLD."paidAt", OLD."source", OLD."campaign",
    OLD."crmSale", OLD."crmProduct") o
    UNION ALL
    SELECT 1, n.* FROM amounts_of(NEW."role", NEW."email", NEW."createdAt", NEW."isPaid", NEW."paidAt", NEW."source", NEW."campaign",
    NEW."crmSale", NEW."crmProduct") n
  ) f
  GROUP BY 1, 2, 3
  HAVING sum(f.sign * f."registrations") <> 0 OR sum(f.sign * f."paid") <> 0 OR sum(f.sign * f."payments") <> 0
    OR sum(f.sign * f."amount") <> 0 OR sum(f.sign * f."paidAmount") <> 0 OR sum(f.sign * f."revenue") <> 0;
  RETURN NULL;
END $$;

DROP TRIGGER "User_statistics_changed" ON "User";
-- By row, since only so the condition keeps it out of the worker's many updates.
CREATE TRIGGER "User_statistics_changed"
  AFTER UPDATE OF "role", "email", "createdAt", "isPaid", "paidAt", "source", "campaign", "crmSale", "crmProduct" ON "User" FOR EACH ROW
  WHEN ((OLD."role", OLD."email", OLD."createdAt", OLD."isPaid", OLD."paidAt", OLD."source", OLD."campaign",
         deal_cents(OLD."crmSale", OLD."crmProduct"))
    IS DISTINCT FROM (NEW."role", NEW."email", NEW."createdAt", NEW."isPaid", NEW."paidAt", NEW."source", NEW."campaign",
         deal_cents(NEW."crmSale", NEW."crmProduct")))
  EXECUTE FUNCTION note_changed_statistics();

CREATE OR REPLACE FUNCTION count_statistics_in(new_zone text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE "User", "StatisticDelta", "DailyStatistic" IN SHARE ROW EXCLUSIVE MODE;
  UPDATE "StatisticZone" SET "zone" = new_zone;
  DELETE FROM "StatisticDelta";
  DELETE FROM "DailyStatistic";
  INSERT INTO "DailyStatistic" ("day", "source", "campaign", "registrations", "paid", "payments", "amount", "paidAmount", "revenue")
  SELECT f."day", f."source", f."campaign", sum(f."registrations"), sum(f."paid"), sum(f."payments"),
    sum(f."amount"), sum(f."paidAmount"), sum(f."revenue")
  FROM "User" u, amounts_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign",
    u."crmSale", u."crmProduct") f
  GROUP BY 1, 2, 3;
END $$;

-- The amounts of the time before.
SELECT count_statistics_in("zone") FROM "StatisticZone";
