import type { Pool, QueryResultRow } from "pg";
import { type Preparing, preparing } from "../database/prepared";
import { gather } from "../platform/gather";

interface Statement {
  text: string;
  values: unknown[];
}

/** What the library reads of an answer. */
interface Counted {
  rows: QueryResultRow[];
  rowCount: number;
}

/** Counts of one key: one row, which is written once. */
interface SameKey {
  statement: Statement;
  /** The points of each count, in the order in which they came. */
  points: number[];
}

/** Each number of them is a text of its own, whose plan every connection keeps. */
const most = 16;

/**
 * A statement that waits for one address's row, or for a connection, holds up the next statement no longer. The addresses
 * that are in it themselves wait until it ends.
 */
const patienceMs = 100;

const made = new WeakMap<Pool, Preparing>();

/**
 * Sends counts together: an attempt counts for several networks and limits, and each statement costs a round trip and a
 * transaction. Attempts that come while a statement is under way share the next one, so that a crowd, or a flood, has
 * one statement at a time in each process. An attempt that is alone waits for nothing.
 */
export function countingTogether(pool: Pool): Preparing {
  const known = made.get(pool);
  if (known) return known;
  const client = preparing(pool);
  const count = gather((asked: Statement[]) => countAll(client, asked), { most, patienceMs });
  const together = {
    query: (statement: Statement) => (isCount(statement) ? count(statement) : client.query(statement)),
  } as Preparing;
  made.set(pool, together);
  return together;
}

/** The library reads and deletes by other statements, each by itself. */
const isCount = ({ text }: Statement): boolean => /^\s*insert\s/i.test(text);

const keyOf = ({ values }: Statement): string => String(values[0]);

async function countAll(client: Preparing, asked: Statement[]): Promise<Counted[]> {
  const byKey = new Map<string, SameKey>();
  const places = asked.map((statement) => {
    const same = byKey.get(keyOf(statement)) ?? { statement, points: [] };
    byKey.set(keyOf(statement), same);
    return { same, place: same.points.push(Number(statement.values[1])) - 1 };
  });
  // Always in the order of their keys, so that counts of several processes that wait for each other do so in the same order.
  const ordered = [...byKey.values()].sort((a, b) => (keyOf(a.statement) < keyOf(b.statement) ? -1 : 1));
  const rows = await countEach(client, ordered.map(inOne));
  const rowOf = new Map(ordered.map((same, part) => [same, rows[part]]));
  return places.map(({ same, place }) => {
    const row = rowOf.get(same);
    return row ? { rows: [asOfPlace(row, same, place)], rowCount: 1 } : { rows: [], rowCount: 0 };
  });
}

/** A statement sees each row as it was before, so that counts of one key must be one: their sum, as of the first one. */
const inOne = ({ statement: { text, values }, points }: SameKey): Statement => {
  const [key, , ...times] = values;
  return { text, values: [key, sum(points), ...times] };
};

/** What the row held when this count had been added, and those after it had not. */
const asOfPlace = (row: QueryResultRow, { points }: SameKey, place: number): QueryResultRow => ({
  ...row,
  points: row.points - sum(points.slice(place + 1)),
});

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The row of each, in their order. */
async function countEach(client: Preparing, statements: Statement[]): Promise<(QueryResultRow | undefined)[]> {
  const [only] = statements;
  if (only && statements.length === 1) return (await client.query(only)).rows;
  const { rows } = await client.query<QueryResultRow & { part: number }>(joined(statements));
  return statements.map((_, part) => rows.find((row) => row.part === part));
}

const texts = new Map<string, string>();

function joined(statements: Statement[]): Statement {
  const values = statements.flatMap((statement) => statement.values);
  const key = statements.map(({ text }) => text).join("\n");
  const text = texts.get(key) ?? joinTexts(statements);
  texts.set(key, text);
  return { text, values };
}

function joinTexts(statements: Statement[]): string {
  let before = 0;
  const parts = statements.map(({ text, values }, part) => {
    const offset = before;
    before += values.length;
    const renumbered = text.replace(/;\s*$/, "").replace(/\$(\d+)/g, (_, number) => `$${Number(number) + offset}`);
    return `part${part} as (${renumbered})`;
  });
  const rows = statements.map((_, part) => `select ${part} as part, part${part}.* from part${part}`);
  return `with ${parts.join(",\n")}\n${rows.join("\nunion all\n")}`;
}
