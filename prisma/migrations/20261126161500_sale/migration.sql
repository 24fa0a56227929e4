-- What stood on a person's deal when the registration was through: from then on it is the managers' to change.

-- AlterTable
ALTER TABLE "User" ADD COLUMN "crmSale" JSONB;
