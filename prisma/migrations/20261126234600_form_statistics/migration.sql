-- The counts also tell the forms apart, so that an owner of several sees what each brings. People without a form count as the
-- first one's, as everywhere. Notes, triggers and the count of the time before follow in migrations of their own: one that
-- kept a table locked while it waits for the next would meet payments and pages that take the tables in another order.
ALTER TABLE "DailyStatistic" ADD COLUMN "formId" integer NOT NULL DEFAULT 1;
ALTER TABLE "DailyStatistic" DROP CONSTRAINT "DailyStatistic_pkey",
  ADD CONSTRAINT "DailyStatistic_pkey" PRIMARY KEY ("day", "source", "campaign", "formId");
