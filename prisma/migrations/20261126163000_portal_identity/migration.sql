-- Which portal this installation speaks to, and where its database stands: both are compared before anything is written.

-- AlterTable
ALTER TABLE "Installation"
    ADD COLUMN "home" TEXT,
    ADD COLUMN "portalHosts" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    ADD COLUMN "portalFacts" JSONB NOT NULL DEFAULT '{}',
    ADD COLUMN "portalSince" TIMESTAMPTZ(3),
    ADD COLUMN "compareFirst" INTEGER,
    ADD COLUMN "question" JSONB,
    ADD COLUMN "questionAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "EarlierRecord" (
    "id" SERIAL NOT NULL,
    "userId" INTEGER NOT NULL,
    "portal" TEXT NOT NULL,
    "contactId" INTEGER,
    "contactBy" TEXT,
    "dealId" INTEGER,
    "setAsideAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "EarlierRecord_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "EarlierRecord_userId_idx" ON "EarlierRecord"("userId");

-- AddForeignKey
ALTER TABLE "EarlierRecord" ADD CONSTRAINT "EarlierRecord_userId_fkey"
    FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
