-- Messages in the portal to the responsible person of a new deal: whom the portal named as such, to whom a message went,
-- and when an erased person's message, which has to be taken back, was last attempted. These rows stay, so what happened lately
-- is found by an index.
ALTER TABLE "User" ADD COLUMN "crmResponsibleId" INTEGER;
ALTER TABLE "PersonNotice" ADD COLUMN "receiver" INTEGER;
ALTER TABLE "Erasure" ADD COLUMN "toldAt" TIMESTAMPTZ(3);
CREATE INDEX "PersonNotice_attemptedAt_idx" ON "PersonNotice"("attemptedAt");
