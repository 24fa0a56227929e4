-- The stage of the deal with which both sides last agreed on the payment.
ALTER TABLE "DealSnapshot" ADD COLUMN "agreedDealStageId" TEXT;
-- Each comparison has noted the deal's stage together with the agreement; where none is, the next comparison notes it.
UPDATE "DealSnapshot" s SET "agreedDealStageId" = s."stageId"
FROM "User" u
WHERE u.id = s."userId" AND u."isPaid" = s."agreedPaid" AND s."pushedPaid" IS NULL AND s."dealId" = u."bitrix24DealId";
