-- Whether those who wait too long have been told of: 0 not, 1 some with troubles of their own, 2 everybody's.
ALTER TABLE "CrmPortal" ADD COLUMN "waitAlert" INTEGER NOT NULL DEFAULT 0;
