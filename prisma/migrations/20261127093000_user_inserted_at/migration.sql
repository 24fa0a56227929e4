-- When a person's row was made here, which for imported people is not when they registered. The default comes second, so
-- that the table is not written anew and the rows of before have none.
ALTER TABLE "User" ADD COLUMN "insertedAt" TIMESTAMPTZ(3);
ALTER TABLE "User" ALTER COLUMN "insertedAt" SET DEFAULT CURRENT_TIMESTAMP;
