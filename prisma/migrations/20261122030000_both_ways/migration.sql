-- CreateTable
CREATE TABLE "DealMirror" (
    "userId" INTEGER NOT NULL,
    "stageId" TEXT NOT NULL,
    "agreedPaid" BOOLEAN,
    "openStageId" TEXT,
    "updatedTime" TEXT NOT NULL,
    "announcedPaid" BOOLEAN NOT NULL DEFAULT false,
    "pushedPaid" BOOLEAN,
    "forced" BOOLEAN NOT NULL DEFAULT false,
    "checkedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "DealMirror_pkey" PRIMARY KEY ("userId")
);

-- CreateTable
CREATE TABLE "Finding" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "userId" INTEGER NOT NULL,
    "portalId" INTEGER NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',
    "foundAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolvedAt" TIMESTAMPTZ(3),
    "resolution" TEXT,

    CONSTRAINT "Finding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ReconcileRun" (
    "id" SERIAL NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMPTZ(3),
    "actorId" INTEGER,
    "cursor" JSONB NOT NULL DEFAULT '{}',
    "counts" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "ReconcileRun_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Finding_userId_id_idx" ON "Finding"("userId", "id" DESC);

-- AddForeignKey
ALTER TABLE "DealMirror" ADD CONSTRAINT "DealMirror_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Finding" ADD CONSTRAINT "Finding_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

-- One open finding of a kind per person and record: whoever looks again finds the same one.
CREATE UNIQUE INDEX "Finding_open_key" ON "Finding" ("kind", "userId", "portalId") WHERE "resolvedAt" IS NULL;
-- The list of what is open.
CREATE INDEX "Finding_open_idx" ON "Finding" ("id" DESC) WHERE "resolvedAt" IS NULL;
