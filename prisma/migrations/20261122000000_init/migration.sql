-- CreateEnum
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');

-- CreateEnum
CREATE TYPE "CrmState" AS ENUM ('PENDING', 'SYNCED', 'FAILED');

-- CreateEnum
CREATE TYPE "CrmOutcome" AS ENUM ('OK', 'NO', 'UNKNOWN', 'PARTIAL');

-- CreateEnum
CREATE TYPE "ActorKind" AS ENUM ('USER', 'TOKEN', 'BITRIX24', 'SYSTEM');

-- CreateTable
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "firstName" TEXT NOT NULL,
    "lastName" TEXT,
    "phone" TEXT NOT NULL,
    "passwordHash" TEXT,
    "role" "Role" NOT NULL DEFAULT 'USER',
    "locale" TEXT NOT NULL DEFAULT 'ru',
    "consentVersion" TEXT,
    "consentAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "isPaid" BOOLEAN NOT NULL DEFAULT false,
    "paidAt" TIMESTAMPTZ(3),
    "crmState" "CrmState" NOT NULL DEFAULT 'PENDING',
    "bitrix24ContactId" INTEGER,
    "bitrix24DealId" INTEGER,
    "crmAssignedById" INTEGER,
    "crmAttempts" INTEGER NOT NULL DEFAULT 0,
    "crmUnknowns" INTEGER NOT NULL DEFAULT 0,
    "crmNextAttemptAt" TIMESTAMPTZ(3),
    "crmIntentUntil" TIMESTAMPTZ(3),
    "crmError" TEXT,
    "crmSyncedAt" TIMESTAMPTZ(3),
    "source" TEXT,
    "campaign" TEXT,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Attribution" (
    "userId" INTEGER NOT NULL,
    "first" JSONB,
    "last" JSONB,

    CONSTRAINT "Attribution_pkey" PRIMARY KEY ("userId")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "userId" INTEGER NOT NULL,
    "userAgent" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PasswordReset" (
    "id" TEXT NOT NULL,
    "userId" INTEGER NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "PasswordReset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PaymentChange" (
    "id" SERIAL NOT NULL,
    "userId" INTEGER NOT NULL,
    "isPaid" BOOLEAN NOT NULL,
    "actorKind" "ActorKind" NOT NULL,
    "actorId" INTEGER,
    "origin" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "PaymentChange_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CrmLog" (
    "id" BIGSERIAL NOT NULL,
    "userId" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "method" TEXT NOT NULL,
    "outcome" "CrmOutcome" NOT NULL,
    "code" TEXT,
    "durationMs" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "contactId" INTEGER,
    "dealId" INTEGER,

    CONSTRAINT "CrmLog_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CrmPortal" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "tokens" DOUBLE PRECISION NOT NULL DEFAULT 1000000,
    "tokensAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "operating" JSONB NOT NULL DEFAULT '{}',
    "turn" INTEGER NOT NULL DEFAULT 0,
    "pausedBy" TEXT,
    "pauseCode" TEXT,
    "pausedAt" TIMESTAMPTZ(3),
    "probeAt" TIMESTAMPTZ(3),
    "alertedCode" TEXT,
    "alertedAt" TIMESTAMPTZ(3),
    "workerSeenAt" TIMESTAMPTZ(3),

    CONSTRAINT "CrmPortal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApiToken" (
    "id" SERIAL NOT NULL,
    "userId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ApiToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorKind" "ActorKind" NOT NULL,
    "actorId" INTEGER,
    "action" TEXT NOT NULL,
    "targetId" INTEGER,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE INDEX "User_createdAt_id_idx" ON "User"("createdAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "User_isPaid_createdAt_id_idx" ON "User"("isPaid", "createdAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "User_source_createdAt_id_idx" ON "User"("source", "createdAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "User_phone_idx" ON "User"("phone");

-- CreateIndex
CREATE INDEX "User_bitrix24DealId_idx" ON "User"("bitrix24DealId");

-- CreateIndex
CREATE INDEX "User_bitrix24ContactId_idx" ON "User"("bitrix24ContactId");

-- CreateIndex
CREATE INDEX "User_crmSyncedAt_idx" ON "User"("crmSyncedAt");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");

-- CreateIndex
CREATE INDEX "PasswordReset_userId_idx" ON "PasswordReset"("userId");

-- CreateIndex
CREATE INDEX "PaymentChange_userId_id_idx" ON "PaymentChange"("userId", "id" DESC);

-- CreateIndex
CREATE INDEX "PaymentChange_createdAt_idx" ON "PaymentChange"("createdAt");

-- CreateIndex
CREATE INDEX "CrmLog_userId_id_idx" ON "CrmLog"("userId", "id" DESC);

-- CreateIndex
CREATE INDEX "CrmLog_at_idx" ON "CrmLog"("at");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_hash_key" ON "ApiToken"("hash");

-- CreateIndex
CREATE INDEX "ApiToken_userId_idx" ON "ApiToken"("userId");

-- CreateIndex
CREATE INDEX "AuditEntry_actorKind_actorId_id_idx" ON "AuditEntry"("actorKind", "actorId", "id" DESC);

-- CreateIndex
CREATE INDEX "AuditEntry_action_id_idx" ON "AuditEntry"("action", "id" DESC);

-- CreateIndex
CREATE INDEX "AuditEntry_targetId_id_idx" ON "AuditEntry"("targetId", "id" DESC);

-- AddForeignKey
ALTER TABLE "Attribution" ADD CONSTRAINT "Attribution_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PasswordReset" ADD CONSTRAINT "PasswordReset_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PaymentChange" ADD CONSTRAINT "PaymentChange_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CrmLog" ADD CONSTRAINT "CrmLog_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ApiToken" ADD CONSTRAINT "ApiToken_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

-- Search in parts of name, e-mail and phone. One column and one index: smaller and faster than one per column.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
ALTER TABLE "User" ADD COLUMN "searchText" text NOT NULL GENERATED ALWAYS AS
  (lower("email" || ' ' || "firstName" || ' ' || coalesce("lastName", '') || ' ' || "phone")) STORED;
CREATE INDEX "User_searchText_idx" ON "User" USING gin ("searchText" gin_trgm_ops);

-- Backlog and failures are few among millions of synced rows.
CREATE INDEX "User_unsynced_idx" ON "User" ("crmState", "createdAt" DESC, "id" DESC) WHERE "crmState" <> 'SYNCED';

-- The one row every process shares.
INSERT INTO "CrmPortal" ("id") VALUES (1);
