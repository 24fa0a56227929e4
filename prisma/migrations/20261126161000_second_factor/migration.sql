-- Second factor of administrators: an authenticator's secret, encrypted by a key that is derived from SESSION_SECRET, and
-- single-use recovery codes of which only the hashes are kept.

-- CreateTable
CREATE TABLE "SecondFactor" (
    "userId" INTEGER NOT NULL,
    "secret" TEXT NOT NULL,
    "enabledAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastStep" INTEGER NOT NULL,

    CONSTRAINT "SecondFactor_pkey" PRIMARY KEY ("userId")
);

-- CreateTable
CREATE TABLE "RecoveryCode" (
    "id" SERIAL NOT NULL,
    "userId" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "RecoveryCode_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "RecoveryCode_userId_idx" ON "RecoveryCode"("userId");

-- AddForeignKey
ALTER TABLE "SecondFactor" ADD CONSTRAINT "SecondFactor_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RecoveryCode" ADD CONSTRAINT "RecoveryCode_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Nothing of a person is added after the erasing.
CREATE TRIGGER "SecondFactor_not_erased" BEFORE INSERT ON "SecondFactor" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
CREATE TRIGGER "RecoveryCode_not_erased" BEFORE INSERT ON "RecoveryCode" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();

-- Was never written: a link that was used is deleted.

-- AlterTable
ALTER TABLE "PasswordReset" DROP COLUMN "usedAt";
