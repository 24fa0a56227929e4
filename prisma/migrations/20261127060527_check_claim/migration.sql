-- Until when the process that makes the connection check may take. The time of the last check is that of one that has
-- ended: a process that is killed in the middle of one leaves the next one due.
ALTER TABLE "CrmPortal" ADD COLUMN "connectionCheckUntil" TIMESTAMPTZ(3);
