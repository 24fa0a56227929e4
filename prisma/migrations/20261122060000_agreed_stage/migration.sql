-- The paid stage that was configured when both sides last agreed: of another one, the agreement says nothing.

-- AlterTable
ALTER TABLE "DealMirror" ADD COLUMN "agreedStageId" TEXT;
