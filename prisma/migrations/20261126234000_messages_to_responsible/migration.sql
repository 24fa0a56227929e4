-- Messages in the portal to the responsible person of a new deal: whom the portal named as such, to whom a message went,
-- and whether an erased person's message has to be taken back.
ALTER TABLE "User" ADD COLUMN "crmResponsibleId" INTEGER;
ALTER TABLE "PersonNotice" ADD COLUMN "receiver" INTEGER;
ALTER TABLE "Erasure" ADD COLUMN "told" BOOLEAN NOT NULL DEFAULT false;
