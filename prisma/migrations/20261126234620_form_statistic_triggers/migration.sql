-- From here on each note names its form.
CREATE OR REPLACE FUNCTION note_added_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StatisticDelta" ("day", "source", "campaign", "formId", "registrations", "paid", "payments", "amount", "paidAmount", "revenue")
  SELECT f."day", f."source", f."campaign", coalesce(u."formId", 1), sum(f."registrations"), sum(f."paid"), sum(f."payments"),
    sum(f."amount"), sum(f."paidAmount"), sum(f."revenue")
  FROM added u, amounts_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign",
    u."crmSale", u."crmProduct") f
  GROUP BY 1, 2, 3, 4;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION note_removed_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StatisticDelta" ("day", "source", "campaign", "formId", "registrations", "paid", "payments", "amount", "paidAmount", "revenue")
  SELECT f."day", f."source", f."campaign", coalesce(u."formId", 1), -sum(f."registrations"), -sum(f."paid"), -sum(f."payments"),
    -sum(f."amount"), -sum(f."paidAmount"), -sum(f."revenue")
  FROM removed u, amounts_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign",
    u."crmSale", u."crmProduct") f
  GROUP BY 1, 2, 3, 4;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION note_changed_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StatisticDelta" ("day", "source", "campaign", "formId", "registrations", "paid", "payments", "amount", "paidAmount", "revenue")
  SELECT f."day", f."source", f."campaign", f."formId", sum(f.sign * f."registrations"), sum(f.sign * f."paid"), sum(f.sign * f."payments"),
    sum(f.sign * f."amount"), sum(f.sign * f."paidAmount"), sum(f.sign * f."revenue")
  FROM (
    SELECT -1 AS sign, coalesce(OLD."formId", 1) AS "formId", o.*
    FROM amounts_of(OLD."role", OLD."email", OLD."createdAt", OLD."isPaid", OLD."paidAt", OLD."source", OLD."campaign",
      OLD."crmSale", OLD."crmProduct") o
    UNION ALL
    SELECT 1, coalesce(NEW."formId", 1), n.*
    FROM amounts_of(NEW."role", NEW."email", NEW."createdAt", NEW."isPaid", NEW."paidAt", NEW."source", NEW."campaign",
      NEW."crmSale", NEW."crmProduct") n
  ) f
  GROUP BY 1, 2, 3, 4
  HAVING sum(f.sign * f."registrations") <> 0 OR sum(f.sign * f."paid") <> 0 OR sum(f.sign * f."payments") <> 0
    OR sum(f.sign * f."amount") <> 0 OR sum(f.sign * f."paidAmount") <> 0 OR sum(f.sign * f."revenue") <> 0;
  RETURN NULL;
END $$;

-- By row, since only so the condition keeps it out of the worker's many updates. Replaced, not dropped, so that people can be
-- read meanwhile.
CREATE OR REPLACE TRIGGER "User_statistics_changed"
  AFTER UPDATE OF "role", "email", "createdAt", "isPaid", "paidAt", "source", "campaign", "crmSale", "crmProduct", "formId"
  ON "User" FOR EACH ROW
  WHEN ((OLD."role", OLD."email", OLD."createdAt", OLD."isPaid", OLD."paidAt", OLD."source", OLD."campaign",
         deal_cents(OLD."crmSale", OLD."crmProduct"), coalesce(OLD."formId", 1))
    IS DISTINCT FROM (NEW."role", NEW."email", NEW."createdAt", NEW."isPaid", NEW."paidAt", NEW."source", NEW."campaign",
         deal_cents(NEW."crmSale", NEW."crmProduct"), coalesce(NEW."formId", 1)))
  EXECUTE FUNCTION note_changed_statistics();

CREATE OR REPLACE FUNCTION count_statistics_in(new_zone text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE "User", "StatisticDelta", "DailyStatistic" IN SHARE ROW EXCLUSIVE MODE;
  UPDATE "StatisticZone" SET "zone" = new_zone;
  DELETE FROM "StatisticDelta";
  DELETE FROM "DailyStatistic";
  INSERT INTO "DailyStatistic" ("day", "source", "campaign", "formId", "registrations", "paid", "payments", "amount", "paidAmount", "revenue")
  SELECT f."day", f."source", f."campaign", coalesce(u."formId", 1), sum(f."registrations"), sum(f."paid"), sum(f."payments"),
    sum(f."amount"), sum(f."paidAmount"), sum(f."revenue")
  FROM "User" u, amounts_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign",
    u."crmSale", u."crmProduct") f
  GROUP BY 1, 2, 3, 4;
END $$;
