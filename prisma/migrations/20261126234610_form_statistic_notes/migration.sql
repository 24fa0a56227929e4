-- Alone, since a payment locks its person first and these notes after.
ALTER TABLE "StatisticDelta" ADD COLUMN "formId" integer NOT NULL DEFAULT 1;
