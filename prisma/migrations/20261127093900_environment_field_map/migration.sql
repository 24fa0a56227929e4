-- Each map that BITRIX24_MARK_FIELDS has had in the environment, so that erasing a person clears also the fields of a
-- former one.
create table "EnvironmentFieldMap" (
  "id" serial primary key,
  "text" text not null,
  "notedAt" timestamptz(3) not null default now()
);
