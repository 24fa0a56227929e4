-- The request of a person or a program that a step on the portal comes from. Older steps have none.
alter table "CrmLog" add column "requestId" text;
