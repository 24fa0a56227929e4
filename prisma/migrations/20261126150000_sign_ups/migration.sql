-- What all processes must agree on about registrations that pour in.
create table "SignUps" (
  id integer primary key default 1,
  "heldSince" timestamptz(3),
  "heldBy" integer,
  "alertedAt" timestamptz(3)
);
insert into "SignUps" (id) values (1);

-- Stamps of forms that have registered somebody, so that one form makes one registration.
create table "FormStamp" (
  hash text primary key,
  at timestamptz(3) not null default now()
);
create index "FormStamp_at_idx" on "FormStamp" (at);

-- The page of registrations to be reviewed.
create index "User_review_idx" on "User" (id) where 'review' = any("holds");
