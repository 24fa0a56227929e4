-- The visit that the portal's Sales Intelligence is told of, once per registration. "crmTracedAt": when the request left;
-- from then on it may exist there, and it is never sent again. "crmTraceId": its id, once the portal has answered.
ALTER TABLE "User" ADD COLUMN "crmTracedAt" TIMESTAMPTZ(3), ADD COLUMN "crmTraceId" INTEGER;
-- What an erasure has to remove there.
ALTER TABLE "Erasure" ADD COLUMN "traceId" INTEGER;
