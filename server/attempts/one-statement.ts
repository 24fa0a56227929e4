import type { Pool, QueryResultRow } from "pg";
import { type Preparing, preparing } from "../database/prepared";

interface Statement {
  text: string;
  values: unknown[];
}

interface Asked {
  statement: Statement;
  resolve: (result: never) => void;
  reject: (error: unknown) => void;
}

/** Each number of them is a text of its own, whose plan every connection keeps. */
const most = 8;

const made = new WeakMap<Pool, Preparing>();

/**
 * Sends the counts of one moment as one statement: an attempt counts for several networks and limits, and each statement
 * costs a round trip and a transaction. Counts of the same key stay apart, since a statement sees each row as it was
 * before. Always in the order of their keys, so that counts that wait for each other do so in the same order.
 */
export function countingTogether(pool: Pool): Preparing {
  const known = made.get(pool);
  if (known) return known;
  const client = preparing(pool);
  let waiting: Asked[] = [];
  const send = () => {
    const asked = waiting;
    waiting = [];
    for (const lot of lotsOf(asked)) void answer(client, lot);
  };
  const together: Preparing = {
    query: (statement: Statement) =>
      isCount(statement)
        ? new Promise((resolve, reject) => {
            waiting.push({ statement, resolve, reject });
            // Runs after the promises of this moment, by which the library reaches this function.
            if (waiting.length === 1) process.nextTick(send);
          })
        : client.query(statement),
  };
  made.set(pool, together);
  return together;
}

/** The library reads and deletes by other statements, each by itself. */
const isCount = ({ text }: Statement): boolean => /^\s*insert\s/i.test(text);

const keyOf = ({ statement: { values } }: Asked): string => String(values[0]);

/** Each with no key twice. */
function lotsOf(asked: Asked[]): Asked[][] {
  const lots: Asked[][] = [];
  for (const each of asked) {
    const lot = lots.find((other) => other.length < most && !other.some((one) => keyOf(one) === keyOf(each)));
    if (lot) lot.push(each);
    else lots.push([each]);
  }
  return lots.map((lot) => lot.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)));
}

async function answer(client: Preparing, lot: Asked[]): Promise<void> {
  const [only] = lot;
  try {
    if (only && lot.length === 1) return only.resolve((await client.query(only.statement)) as never);
    const { rows } = await client.query<QueryResultRow & { part: number }>(
      joined(lot.map(({ statement }) => statement)),
    );
    for (const [part, { resolve }] of lot.entries()) {
      const own = rows.filter((row) => row.part === part);
      resolve({ rows: own, rowCount: own.length } as never);
    }
  } catch (error) {
    for (const { reject } of lot) reject(error);
  }
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
