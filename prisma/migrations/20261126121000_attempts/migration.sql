-- Attempts and guesses, counted by all processes together. Unlogged: they are worth nothing after a crash of the database,
-- and every registration and sign-in writes here.
create unlogged table "AttemptCount" (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);

create unlogged table "GuessCount" (
  key text primary key,
  failures integer not null,
  "lastAt" timestamptz(3) not null default now(),
  "retryAt" timestamptz(3) not null default now()
);

create index "GuessCount_lastAt_idx" on "GuessCount" ("lastAt");

-- What a person is shown of their own sign-ins.
create table "SignIn" (
  id serial primary key,
  "userId" integer not null references "User" (id) on delete cascade on update cascade,
  at timestamptz(3) not null default now(),
  "userAgent" text,
  address text
);

create index "SignIn_userId_id_idx" on "SignIn" ("userId", id desc);
create index "SignIn_at_idx" on "SignIn" (at);
