-- When the portal's outgoing webhook was last accepted, and last refused for its token.
ALTER TABLE "CrmPortal" ADD COLUMN "eventAt" TIMESTAMPTZ(3), ADD COLUMN "eventRefusedAt" TIMESTAMPTZ(3);
