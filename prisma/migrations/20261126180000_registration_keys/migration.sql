-- What a program's Idempotency-Key has registered, so that the same request sent again registers nobody else.
CREATE TABLE "RegistrationKey" (
    "hash" TEXT NOT NULL,
    "bodyHash" TEXT,
    "userId" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RegistrationKey_pkey" PRIMARY KEY ("hash")
);

CREATE INDEX "RegistrationKey_userId_idx" ON "RegistrationKey"("userId");
CREATE INDEX "RegistrationKey_at_idx" ON "RegistrationKey"("at");

ALTER TABLE "RegistrationKey" ADD CONSTRAINT "RegistrationKey_userId_fkey"
  FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
