-- What a registration's deal is worth, in cents of US dollars: its amount as it was when the registration was through, else
-- the price that was sent. Null: nothing was sent yet, or in another currency.
CREATE FUNCTION deal_cents(sale jsonb, product jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN jsonb_typeof($1->'amount') = 'number' AND $1->>'currency' = 'USD' THEN round(($1->>'amount')::numeric * 100)::bigint
    WHEN jsonb_typeof($1->'amount') = 'number' THEN NULL
    WHEN jsonb_typeof($2->'priceUsd') = 'number' THEN round(($2->>'priceUsd')::numeric * 100)::bigint
  END
$$;

-- A file of paid registrations for an advertising system, or of those that are taken back.
CREATE TABLE "ConversionExport" (
  "id" SERIAL PRIMARY KEY,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "actorId" INTEGER,
  "system" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "count" INTEGER NOT NULL
);

-- A paid registration in such a file. Of one person and system at most one that is not taken back: each is told once.
CREATE TABLE "Conversion" (
  "id" SERIAL PRIMARY KEY,
  "userId" INTEGER NOT NULL REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "system" TEXT NOT NULL,
  "clickId" TEXT NOT NULL,
  "paidAt" TIMESTAMPTZ(3) NOT NULL,
  "cents" BIGINT,
  "exportId" INTEGER NOT NULL REFERENCES "ConversionExport" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "retractId" INTEGER REFERENCES "ConversionExport" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "Conversion_open" ON "Conversion" ("userId", "system") WHERE "retractId" IS NULL;
CREATE INDEX "Conversion_exportId_idx" ON "Conversion" ("exportId");
CREATE INDEX "Conversion_retractId_idx" ON "Conversion" ("retractId");
