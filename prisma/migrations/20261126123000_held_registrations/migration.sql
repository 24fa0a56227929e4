-- A registration that the CRM is not told of yet, and why. A state of its own, so that nothing that counts or sends
-- pending registrations has to know the reasons.

-- AlterEnum
ALTER TYPE "CrmState" ADD VALUE 'HELD';

-- AlterTable
ALTER TABLE "User" ADD COLUMN "holds" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

-- A link may confirm the address of the registration or a new one, and a mail that no server took is sent again.

-- AlterTable
ALTER TABLE "EmailConfirmation" ADD COLUMN "purpose" TEXT NOT NULL DEFAULT 'confirm';
ALTER TABLE "EmailConfirmation" ADD COLUMN "sentAt" TIMESTAMPTZ(3);
ALTER TABLE "EmailConfirmation" ALTER COLUMN "purpose" DROP DEFAULT;

-- How often an address was written to of late, whether or not it is registered. The address itself is not kept.

-- CreateTable
CREATE TABLE "MailRequest" (
    "id" BIGSERIAL NOT NULL,
    "addressHash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "MailRequest_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "MailRequest_addressHash_kind_at_idx" ON "MailRequest"("addressHash", "kind", "at");

-- CreateIndex
CREATE INDEX "MailRequest_at_idx" ON "MailRequest"("at");
