-- What is left out of a person's contact and deal, because the portal refuses it and not the person.

-- AlterTable
ALTER TABLE "User" ADD COLUMN "crmLeftOut" TEXT[] DEFAULT ARRAY[]::TEXT[];
