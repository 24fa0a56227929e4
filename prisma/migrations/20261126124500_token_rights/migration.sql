-- Tokens that were made before may still do what they could, for another year. The defaults also serve an older process
-- that makes tokens during a rolling update.
alter table "ApiToken"
  add column "expiresAt" timestamptz(3) not null default now() + interval '1 year',
  add column scopes text[] not null default '{read,payments,registrations}',
  add column "lastUsedAddress" text;

-- However a role is taken away, what it made ends with it and does not come back to life with another promotion.
update "ApiToken" t set "revokedAt" = now()
from "User" u
where u.id = t."userId" and u.role <> 'ADMIN' and t."revokedAt" is null;

create function revoke_tokens_with_role() returns trigger language plpgsql as $$
begin
  update "ApiToken" set "revokedAt" = now() where "userId" = new.id and "revokedAt" is null;
  return null;
end $$;

create trigger "User_revoke_tokens" after update of role on "User"
  for each row when (old.role = 'ADMIN' and new.role <> 'ADMIN') execute function revoke_tokens_with_role();
