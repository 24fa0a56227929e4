import type { BenchDatabase } from "./bench";

const firstNames = [
  ["Анна", "anna"],
  ["Иван", "ivan"],
  ["Мария", "maria"],
  ["Ольга", "olga"],
  ["Сергей", "sergey"],
  ["Дмитрий", "dmitry"],
  ["Елена", "elena"],
  ["Алексей", "alexey"],
  ["John", "john"],
  ["Mary", "mary"],
  ["Пётр", "peter"],
  ["Анастасия", "anastasia"],
  ["Илья", "ilya"],
  ["Никита", "nikita"],
  ["Екатерина", "ekaterina"],
  ["Zoë", "zoya"],
];

const roots =
  "Иван Петр Сидор Смирн Кузнец Поп Васил Сокол Михайл Нов Фёдор Мороз Волк Алексе Лебед Семён Егор Павл Козл Степан";
const endings = "ов ев ин ский енко ец иков ич ук ян";
const surnames = roots.split(" ").flatMap((root) => endings.split(" ").map((ending) => root + ending));

/**
 * Fills the table with people of three years: names of both languages, some far more frequent than others, a third
 * paid, one in fifty not on the portal. Without the indexes, which are rebuilt afterwards: three times as fast. `answers`: an
 * expression of a person's number n.
 */
export async function fillUsers({ pool }: BenchDatabase, count: number, answers = "'{}'"): Promise<void> {
  const { rows: indexes } = await pool.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
     where tablename = 'User' and indexname not like '%_key' and indexname <> 'User_pkey'`,
  );
  for (const { name } of indexes) await pool.query(`drop index "${name}"`);
  // The same people at every run.
  await pool.query("select setseed(0.5)");
  await pool.query(
    `insert into "User" ("email", "firstName", "lastName", "phone", "createdAt", "isPaid", "paidAt", "crmState",
       "bitrix24ContactId", "bitrix24DealId", "crmSyncedAt", "source", "campaign", answers)
     select latin || '.' || n || '@example.com', first, last, '+79' || lpad(phone::text, 9, '0'), at, paid,
       case when paid then at + random() * interval '30 days' end, state::"CrmState",
       case when state = 'SYNCED' then n end, case when state = 'SYNCED' then n end,
       case when state = 'SYNCED' then at + interval '1 minute' end,
       (array['google', 'yandex', 'vk', 'telegram', 'partner', null, null])[1 + floor(random() * 7)::int],
       'campaign-' || floor(random() * random() * 40), (${answers})::jsonb
     from (
       select n, now() - interval '3 years' * (1 - n::float8 / $1) as at, random() < 0.33 as paid,
         floor(random() * 1e9)::int as phone,
         case when random() < 0.98 then 'SYNCED' when random() < 0.7 then 'PENDING' else 'FAILED' end as state,
         1 + floor(random() * array_length($2::text[], 1))::int as f,
         1 + floor(random() * random() * array_length($4::text[], 1))::int as l
       from generate_series(1, $1::int) as n
     ) as drawn
     cross join lateral (select ($2::text[])[f] as first, ($3::text[])[f] as latin, ($4::text[])[l] as last) as named`,
    [count, firstNames.map(([name]) => name), firstNames.map(([, latin]) => latin), surnames],
  );
  for (const { definition } of indexes) await pool.query(definition);
  await pool.query(`vacuum analyze "User"`);
}
