-- Messages in the portal to the responsible person of a new deal: whom the portal named as such, to whom a message went,
-- and when an erased person's message, which has to be taken back, was last attempted. The last two follow in migrations of their
-- own: one that kept a table locked while it waits for the next would meet transactions that take the tables in another order.
ALTER TABLE "User" ADD COLUMN "crmResponsibleId" INTEGER;
