-- What the portal last told about the products that forms sell, for the pages that say what one registers for.
create table "PortalProduct" (
  "productId" bigint primary key,
  name text not null default '',
  "priceUsd" double precision,
  "readAt" timestamptz(3),
  "askedAt" timestamptz(3) not null default now()
);
