-- An erasing removes on the portal only what the log says was made here, and the log goes with the person.

-- AlterTable
ALTER TABLE "Erasure" ADD COLUMN "made" JSONB;
