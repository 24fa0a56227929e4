-- Whose turn it is among a form's own responsible persons; a constant default, so that no row is written anew.
alter table "Form" add column turn int not null default 0;

-- Registrations that wait because the portal refuses what the forms with these settings have in common, while other
-- forms' registrations go on.
create table "FormHold" (
  key text primary key,
  "formId" int not null references "Form" (id) on delete cascade,
  code text not null,
  step text,
  field text,
  since timestamptz(3) not null default now(),
  "probeAt" timestamptz(3) not null
);
