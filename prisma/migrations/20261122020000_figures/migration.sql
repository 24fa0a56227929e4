-- Counts for the overview. Counting a million rows anew takes most of a second, reading these takes a few milliseconds.

-- CreateTable
CREATE TABLE "DailyFigure" (
    "day" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "campaign" TEXT NOT NULL,
    "registrations" INTEGER NOT NULL,
    "paid" INTEGER NOT NULL,
    "payments" INTEGER NOT NULL,

    CONSTRAINT "DailyFigure_pkey" PRIMARY KEY ("day","source","campaign")
);

-- CreateTable
CREATE TABLE "FigureChange" (
    "id" BIGSERIAL NOT NULL,
    "day" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "campaign" TEXT NOT NULL,
    "registrations" INTEGER NOT NULL,
    "paid" INTEGER NOT NULL,
    "payments" INTEGER NOT NULL,

    CONSTRAINT "FigureChange_pkey" PRIMARY KEY ("id")
);

-- What one person adds to the counts: a registration on the day of registering, whether it is paid by now, and a
-- payment on the day of paying. Days are UTC's. Administrators and test registrations are no registrations.
-- Source and campaign are visitors' text, so they are cut to what an index entry holds.
CREATE FUNCTION figures_of(role "Role", email text, created_at timestamptz, is_paid boolean, paid_at timestamptz, source text, campaign text)
RETURNS TABLE ("day" date, "source" text, "campaign" text, "registrations" integer, "paid" integer, "payments" integer)
LANGUAGE sql IMMUTABLE AS $$
  SELECT part.day, left(coalesce($6, ''), 100), left(coalesce($7, ''), 100), part.registrations, part.paid, part.payments
  FROM (VALUES
    (($3 AT TIME ZONE 'UTC')::date, 1, $4::integer, 0),
    (($5 AT TIME ZONE 'UTC')::date, 0, 0, 1)
  ) AS part (day, registrations, paid, payments)
  WHERE $1 = 'USER' AND $2 NOT LIKE '%@example.invalid'
    AND part.day IS NOT NULL AND (part.payments = 0 OR $4)
$$;

-- The triggers only append: a counter that they raised would make registrations of one day wait for each other.
CREATE FUNCTION note_added_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "FigureChange" ("day", "source", "campaign", "registrations", "paid", "payments")
  SELECT f."day", f."source", f."campaign", sum(f."registrations"), sum(f."paid"), sum(f."payments")
  FROM added u, figures_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign") f
  GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;

CREATE FUNCTION note_removed_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "FigureChange" ("day", "source", "campaign", "registrations", "paid", "payments")
  SELECT f."day", f."source", f."campaign", -sum(f."registrations"), -sum(f."paid"), -sum(f."payments")
  FROM removed u, figures_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign") f
  GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;

CREATE FUNCTION note_changed_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "FigureChange" ("day", "source", "campaign", "registrations", "paid", "payments")
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

CREATE TRIGGER "User_figures_added" AFTER INSERT ON "User"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_added_figures();
CREATE TRIGGER "User_figures_removed" AFTER DELETE ON "User"
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION note_removed_figures();
-- By row, since only so the condition keeps it out of the worker's many updates.
CREATE TRIGGER "User_figures_changed"
  AFTER UPDATE OF "role", "email", "createdAt", "isPaid", "paidAt", "source", "campaign" ON "User" FOR EACH ROW
  WHEN ((OLD."role", OLD."email", OLD."createdAt", OLD."isPaid", OLD."paidAt", OLD."source", OLD."campaign")
    IS DISTINCT FROM (NEW."role", NEW."email", NEW."createdAt", NEW."isPaid", NEW."paidAt", NEW."source", NEW."campaign"))
  EXECUTE FUNCTION note_changed_figures();

-- Those who are there already. The triggers' lock on "User" is held until the end, so nobody slips in between.
INSERT INTO "DailyFigure" ("day", "source", "campaign", "registrations", "paid", "payments")
SELECT f."day", f."source", f."campaign", sum(f."registrations"), sum(f."paid"), sum(f."payments")
FROM "User" u, figures_of(u."role", u."email", u."createdAt", u."isPaid", u."paidAt", u."source", u."campaign") f
GROUP BY 1, 2, 3;

-- The list of those whose last attempt failed, among a backlog that merely waits.
CREATE INDEX "User_retrying_idx" ON "User" ("createdAt", "id") WHERE "crmState" = 'PENDING' AND "crmError" IS NOT NULL;
