-- Registration forms of the owner's own, and what people answered. The form of earlier releases is the first one.
create table "Form" (
  id serial primary key,
  slug text unique,
  name text not null,
  definition jsonb not null default '{}',
  "closedAt" timestamptz(3),
  "createdAt" timestamptz(3) not null default now(),
  -- Only the first form stands at /register itself.
  constraint "Form_slug_check" check ((slug is null) = (id = 1))
);
insert into "Form" (id, name) values (1, '');
select setval(pg_get_serial_sequence('"Form"', 'id'), 1);

create table "FormChange" (
  id serial primary key,
  "formId" int not null references "Form" (id) on delete cascade,
  at timestamptz(3) not null default now(),
  "actorKind" "ActorKind" not null,
  "actorId" int,
  before jsonb,
  after jsonb not null,
  undoes int
);
create index "FormChange_formId_id_idx" on "FormChange" ("formId", id desc);

-- Constant defaults: the rows are not written anew.
alter table "User" add column "formId" int references "Form" (id) on delete restrict;
alter table "User" add column answers jsonb not null default '{}';
