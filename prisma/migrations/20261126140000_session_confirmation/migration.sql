-- When the password was last given in this session: what reaches far asks for it again. Sessions that were opened before
-- have not given it here.
alter table "Session" add column "confirmedAt" timestamptz(3) not null default now();
update "Session" set "confirmedAt" = "createdAt";
