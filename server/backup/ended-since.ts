import type { ClientBase } from "pg";
import { hasTable } from "./tables";

/**
 * A restore must not undo what people and administrators have ended since the backup: erasures, withdrawals of consents,
 * revocations of tokens, sign-outs, and demotions of administrators. Nor may it forget the addresses of first administrators,
 * since a start would give the role by one of them again. The replaced database knows all of that, if it is of the same
 * installation; where that database is lost, nothing does. A row of both databases is the same if its id and time of creation
 * are.
 */

/** How many rows of the backup were ended again. */
export interface EndedAgain {
  erasures: number;
  consents: number;
  tokens: number;
  sessions: number;
  roles: number;
}

const dueMigration = "20261127050000_erasure_due";
const firstAdminMigration = "20261128225200_first_admin";

/** Whether all of it is known, or only what an interrupted restore of an early backup had still to end; null: nothing is. */
export type Noted = "all" | "erasures" | null;

/**
 * Notes what has ended in the database that is about to be replaced. A role may have been given since the backup as well, so
 * only one that was changed after it counts as taken away.
 */
export async function noteEnded(client: ClientBase, backupAt: string): Promise<Noted> {
  // An earlier restore may have been interrupted before it had erased them.
  const hasDue = await hasTable(client, "ErasureDue");
  await client.query(`create temp table noted_admin ("addressHash" text, "notedAt" timestamptz) on commit drop`);
  if (await hasTable(client, "FirstAdmin"))
    await client.query(`insert into noted_admin select "addressHash", "notedAt" from "FirstAdmin"`);
  if (!(await hasCurrentTables(client))) {
    if (!hasDue) return null;
    await client.query(
      `create temp table ended_user on commit drop as
         select u.id, u."createdAt", d."userId" is not null as erased, false as demoted
         from "User" u left join "ErasureDue" d on d."userId" = u.id`,
    );
    return "erasures";
  }
  const isDue = hasDue ? `or exists (select 1 from "ErasureDue" d where d."userId" = u.id)` : "";
  await client.query(
    `create temp table ended_user on commit drop as
       select u.id, u."createdAt", u."erasedAt" is not null ${isDue} as erased,
         u.role = 'USER' and exists (
           select 1 from "AuditEntry" a where a.action = 'role.change' and a."targetId" = u.id and a.at > $1::timestamptz
         ) as demoted
       from "User" u`,
    [backupAt],
  );
  await client.query(`
    create unique index on ended_user (id);
    create temp table ended_consent on commit drop as
      select * from (
        select distinct on ("userId", kind) "userId", kind, version, locale, "givenAt", "withdrawnAt"
        from "Consent" order by "userId", kind, id desc
      ) as latest where "withdrawnAt" is not null;
    create temp table ended_token on commit drop as
      select id, "createdAt", "revokedAt" from "ApiToken" where "revokedAt" is not null;
    create temp table kept_session on commit drop as select id from "Session";
    analyze ended_user; analyze ended_consent; analyze kept_session`);
  return "all";
}

/** Ends the same in the restored tables; those who were erased are noted for eraseDue. `scripts`: all migrations. */
export async function endAgain(
  client: ClientBase,
  { noted, scripts }: { noted: "all" | "erasures"; scripts: ReadonlyMap<string, string> },
): Promise<EndedAgain> {
  const isWhole = await hasCurrentTables(client);
  const script = scripts.get(dueMigration) ?? "";
  // In tables of a much earlier release only people and roles can be ended again. The script's first statement makes the
  // table; the rest needs what migrations make that follow, and is run in its turn.
  await client.query(isWhole ? script : script.slice(0, script.indexOf(";")));
  await client.query(scripts.get(firstAdminMigration) ?? "");
  const count = async (statement: string) => (await client.query(statement)).rowCount ?? 0;
  const same = `join ended_user e on e.id = u.id and e."createdAt" = u."createdAt"`;
  // A database of another installation has none of these people, and its ADMIN_EMAIL says nothing here.
  await client.query(
    `insert into "FirstAdmin" ("addressHash", "notedAt")
     select "addressHash", "notedAt" from noted_admin where exists (select 1 from "User" u ${same}) on conflict do nothing`,
  );
  const demotion = `
    update "User" u set role = 'USER' from ended_user e
    where e.id = u.id and e."createdAt" = u."createdAt" and (e.demoted or e.erased) and u.role = 'ADMIN'`;
  // The entry that tells of it was replaced with its table; without it a start would promote the person of ADMIN_EMAIL.
  const roles = await count(
    isWhole
      ? `with taken as (${demotion} returning u.id), told as (
           insert into "AuditEntry" ("actorKind", action, "targetId", details)
           select 'SYSTEM', 'role.change', id, '{"role": "USER"}' from taken)
         select id from taken`
      : demotion,
  );
  const erasures = await count(`
    insert into "ErasureDue" ("userId")
    select u.id from "User" u ${same} where e.erased and to_jsonb(u) ->> 'erasedAt' is null on conflict do nothing`);
  if (!isWhole || noted === "erasures") return { erasures, consents: 0, tokens: 0, sessions: 0, roles };
  const withdrawn = await count(`
    update "Consent" c set "withdrawnAt" = w."withdrawnAt" from ended_consent w, "User" u ${same}
    where u.id = c."userId" and w."userId" = c."userId" and w.kind = c.kind
      and c."withdrawnAt" is null and c."givenAt" <= w."withdrawnAt"`);
  const added = await count(`
    insert into "Consent" ("userId", kind, version, locale, "givenAt", "withdrawnAt")
    select w."userId", w.kind, w.version, w.locale, w."givenAt", w."withdrawnAt"
    from ended_consent w join "User" u on u.id = w."userId" ${same}
    where u."erasedAt" is null
      and not exists (select 1 from "Consent" c where c."userId" = w."userId" and c.kind = w.kind)`);
  // "registration" is the consent to the processing: without it nothing is sent.
  await client.query(
    `update "User" u set "crmState" = 'HELD', "crmError" = null, "holds" = array_append("holds", 'consent')
     from ended_consent w
     where w."userId" = u.id and w.kind = 'registration' and u."crmState" <> 'SYNCED' and u."erasedAt" is null and 'consent' <> all(u."holds")
       and not exists (select 1 from "Consent" c where c."userId" = u.id and c.kind = w.kind and c."withdrawnAt" is null)
       and exists (select 1 from ended_user e where e.id = u.id and e."createdAt" = u."createdAt")`,
  );
  const tokens = await count(`
    update "ApiToken" t set "revokedAt" = r."revokedAt" from ended_token r
    where r.id = t.id and r."createdAt" = t."createdAt" and t."revokedAt" is null`);
  const sessions = await count(`
    delete from "Session" s using "User" u ${same}
    where u.id = s."userId" and not exists (select 1 from kept_session k where k.id = s.id)`);
  return { erasures, consents: withdrawn + added, tokens, sessions, roles };
}

/** Whether the tables are there, as a release has them that knows erasures and several consents. */
async function hasCurrentTables(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from pg_attribute
     where not attisdropped and (attrelid, attname) in (
       (to_regclass('"User"'), 'erasedAt'), (to_regclass('"User"'), 'holds'), (to_regclass('"Consent"'), 'kind'),
       (to_regclass('"AuditEntry"'), 'targetId'), (to_regclass('"ApiToken"'), 'revokedAt'), (to_regclass('"Session"'), 'userId'))`,
  );
  return rows[0]?.count === 6;
}
