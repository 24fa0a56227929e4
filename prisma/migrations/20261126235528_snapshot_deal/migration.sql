-- The deal whose stage a snapshot holds: of another deal a difference is no move. Apart from the table of moves, whose
-- foreign key locks "User": the release that still runs locks the person first and the snapshot after.
ALTER TABLE "DealSnapshot" ADD COLUMN IF NOT EXISTS "dealId" INTEGER;
UPDATE "DealSnapshot" s SET "dealId" = u."bitrix24DealId" FROM "User" u WHERE u."id" = s."userId" AND s."dealId" IS NULL;
