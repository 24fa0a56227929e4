-- Stages through which managers and the portal's robots moved a deal, as the comparison found them.
CREATE TABLE "StageMove" (
  "id" SERIAL PRIMARY KEY,
  "userId" INTEGER NOT NULL REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "dealId" INTEGER NOT NULL,
  "from" TEXT NOT NULL,
  "to" TEXT NOT NULL,
  "fromName" TEXT,
  "toName" TEXT,
  "semantic" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL
);

CREATE INDEX "StageMove_userId_idx" ON "StageMove" ("userId");

CREATE TRIGGER "StageMove_not_erased" BEFORE INSERT ON "StageMove" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
