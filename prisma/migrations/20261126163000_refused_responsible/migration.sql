-- Employees of the portal whom it lately refused as responsible persons: others take their turn.
CREATE TABLE "RefusedResponsible" (
  "id"        INTEGER NOT NULL,
  "refusedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "RefusedResponsible_pkey" PRIMARY KEY ("id")
);
