import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { adminUsersTexts } from "../app/features/users/list-texts";
import { systemActor } from "../server/audit/actor";
import type { Question } from "../server/forms/definition";
import { type Forms, firstFormId, openForms } from "../server/forms/forms";
import { createLog } from "../server/platform/log";
import { exportUsers } from "../server/users/export";
import { everybody, parseUserQuery, type UserCursor, type UserFilter } from "../server/users/filter";
import { countUsers, listUsers } from "../server/users/list";
import type { Bench, BenchDatabase } from "./bench";
import { type BenchLine, inMs, quantile } from "./line";
import { fillUsers } from "./many-users";

const many = 1_000_000;
const few = 1_000;
const rounds = 100;
const mostMs = 50;
const mostTimes = 2;
const mostMegabytes = 30;
/** A burst of something else on the machine is no property of a list: what misses its mark is measured again. */
const tries = 3;

/** Each is a list's address; a search has several words, since rare and frequent ones take different ways. */
const lists: [name: string, queries: string[], isDeep?: boolean][] = [
  ["all, newest first", [""]],
  ["all, a page in the middle", [""], true],
  ["all, oldest first", ["sort=oldest"]],
  ["all, latest payments first", ["sort=paid"]],
  ["latest payments first, a page in the middle", ["sort=paid"], true],
  ["paid", ["paid=yes"]],
  ["not paid", ["paid=no"]],
  ["paid, a page in the middle", ["paid=yes"], true],
  ["on its way", ["crm=pending"]],
  ["in Bitrix24", ["crm=synced"]],
  ["failed permanently", ["crm=failed"]],
  ["a source", ["source=vk"]],
  ["without a source", ["source=(none)"]],
  ["a month", ["from=2025-03-01&to=2025-03-31"]],
  ["paid, from a source", ["paid=yes&source=vk"]],
  [
    "a search of 4 letters",
    "иван петр соко мари ольг серг ivan alex ekat zoya моро лебе".split(" ").map((word) => `q=${word}`),
  ],
  ["a search of 4 letters that nobody has", ["q=qqqq", "q=щщщщ"]],
  ["a search by an option's words", ["q=Большой", "q=medium", "q=Редкий", "q=unwanted"]],
];

/** Half of the people chose one of the options, a few chose another, and no person chose the third. */
const size: Question = {
  key: "size",
  kind: "choice",
  label: { en: "Size", ru: "Размер" },
  help: { en: "", ru: "" },
  required: false,
  options: ["Large Большой", "Medium Средний", "Seldom Редкий", "Unwanted Ненужный"].map((words, place) => {
    const [en = "", ru = ""] = words.split(" ");
    return { value: `s${place}`, label: { en, ru } };
  }),
  former: [],
  parameter: "",
};

/** With people of a form that asks a question. */
async function filled(database: BenchDatabase, people: number): Promise<ListDatabase> {
  await fillUsers(
    database,
    people,
    `case when n % 5000 = 7 then '{"size": "s2"}' when n % 2 = 0 then '{"size": "s0"}' when n % 3 = 0 then '{"size": "s1"}' else '{}' end`,
  );
  await database.db.form.update({
    where: { id: firstFormId },
    data: { definition: { items: [{ question: size }] } as object },
  });
  return { ...database, forms: await openForms({ db: database.db, log: createLog("silent") }, { follow: false }) };
}

type ListDatabase = BenchDatabase & { forms: Forms };

/** The administrator's lists, by the functions that the pages call, among a thousand people and among a million. */
export async function benchAdminLists(bench: Bench): Promise<BenchLine[]> {
  const databases = [await bench.createDatabase(), await bench.createDatabase()] as const;
  try {
    const [small, large] = [await filled(databases[0], few), await filled(databases[1], many)];
    const lines: BenchLine[] = [];
    for (const [name, queries, isDeep = false] of lists)
      lines.push(await repeated(() => compare(name, queries, isDeep, small, large)));
    lines.push(await repeated(() => benchCounts(large)), await benchExport(small, large));
    return lines;
  } finally {
    for (const database of databases) await database.drop();
  }
}

async function repeated(measure: () => Promise<BenchLine>): Promise<BenchLine> {
  let line = await measure();
  for (let done = 1; done < tries && !line.ok; done++) line = await measure();
  return line;
}

async function compare(
  name: string,
  queries: string[],
  isDeep: boolean,
  small: ListDatabase,
  large: ListDatabase,
): Promise<BenchLine> {
  const filters = queries.map(filterOf);
  const times = { small: [] as number[], large: [] as number[] };
  const cursors = new Map<ListDatabase, UserCursor | null>();
  for (const database of [small, large])
    cursors.set(database, isDeep ? await middle(database, filters[0] ?? everybody) : null);
  // In turns, so that whatever else the machine does weighs on both alike. The first rounds warm up.
  for (let round = -10; round < rounds; round++)
    for (const [size, database] of [
      ["small", small],
      ["large", large],
    ] as const) {
      const filter = filters[Math.abs(round) % filters.length] ?? everybody;
      const started = performance.now();
      await listUsers(database, { filter, cursor: cursors.get(database) ?? null });
      if (round >= 0) times[size].push(performance.now() - started);
    }
  const p95 = quantile(times.large, 0.95);
  const ratio = p95 / quantile(times.small, 0.95);
  return {
    name: `list of ${many.toLocaleString("en")} people: ${name}`,
    value: `p95 ${inMs(p95)}, ${ratio.toFixed(1)} × of ${few.toLocaleString("en")} people`,
    must: `≤ ${mostMs} ms, ≤ ${mostTimes} ×`,
    ok: p95 <= mostMs && ratio <= mostTimes,
  };
}

/** The capped totals above the lists; they stand beside the list's query, not before it. */
async function benchCounts(large: ListDatabase): Promise<BenchLine> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++)
    for (const [, queries] of lists)
      for (const query of queries) {
        const started = performance.now();
        await countUsers(large, filterOf(query));
        times.push(performance.now() - started);
      }
  const p95 = quantile(times, 0.95);
  return { name: "totals of these lists", value: `p95 ${inMs(p95)}`, must: `≤ ${mostMs} ms`, ok: p95 <= mostMs };
}

async function benchExport(small: ListDatabase, large: ListDatabase): Promise<BenchLine> {
  // The first ones load and compile what every later one uses.
  for (let run = 0; run < 20; run++) await runExport(small);
  const started = performance.now();
  const { growth, rows } = await runExport(large);
  const seconds = (performance.now() - started) / 1_000;
  return {
    name: `export of ${rows.toLocaleString("en")} people`,
    value: `${seconds.toFixed(0)} s, memory grows by ${growth.toFixed(0)} MB`,
    must: `≤ ${mostMegabytes} MB`,
    ok: growth <= mostMegabytes && rows === many,
  };
}

/**
 * Memory is that of the process, as the operating system counts it. Garbage is collected on the way: how much of it
 * Node lets lie is its own choice and no need of the export's.
 */
async function runExport(database: ListDatabase): Promise<{ growth: number; rows: number }> {
  collectGarbage();
  const { rss } = process.memoryUsage();
  let highest = rss;
  let rows = -1;
  let pieces = 0;
  const text = exportUsers(database, {
    actor: systemActor,
    filter: everybody,
    style: adminUsersTexts.ru.sheet,
  });
  for await (const piece of text) {
    rows += piece.split("\r\n").length - 1;
    if (++pieces % 10 === 0) collectGarbage();
    highest = Math.max(highest, process.memoryUsage().rss);
  }
  return { growth: (highest - rss) / 2 ** 20, rows };
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** A cursor in the middle of the list, found the slow way. */
async function middle({ pool }: BenchDatabase, { sort, paid }: UserFilter): Promise<UserCursor> {
  const key = sort === "paid" ? `coalesce("paidAt", 'epoch')` : `"createdAt"`;
  const where = paid === null ? "true" : `"isPaid" = ${paid}`;
  const { rows } = await pool.query<{ key: Date; id: number }>(
    `select ${key} as "key", "id" from "User" where ${where} order by ${key} desc, "id" desc
     offset (select count(*) / 2 from "User" where ${where}) limit 1`,
  );
  const [row] = rows;
  return { direction: "after", key: row?.key.getTime() ?? 0, id: row?.id ?? 0 };
}

const filterOf = (query: string): UserFilter => parseUserQuery(new URLSearchParams(query)).filter;
