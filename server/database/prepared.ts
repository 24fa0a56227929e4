import { createHash } from "node:crypto";
import type { Pool, QueryResult, QueryResultRow } from "pg";
import type { Prisma } from "../../prisma/generated/client";

/** Sends statements that are sent often; see `preparing`. */
export interface Preparing {
  query<Row extends QueryResultRow>(statement: { text: string; values: unknown[] }): Promise<QueryResult<Row>>;
}

/** No such prepared statement, and one that is there already: the session is not the one that it was prepared in. */
const foreignSession = /^(26000|42P05)$/;

const made = new WeakMap<Pool, Preparing>();

/**
 * Lets PostgreSQL parse and plan a statement once for each connection instead of each time, which is half of its work for
 * a registration. Behind a pooler in transaction mode a connection meets other sessions, which do not know the
 * statement: the refusal comes before anything is executed, so the statement is sent again without preparing it, and
 * from then on all are. Only for statements whose text comes from a few variants: each connection keeps its plans.
 */
export function preparing(pool: Pool): Preparing {
  const known = made.get(pool);
  if (known) return known;
  let isRefused = false;
  const own: Preparing = {
    async query<Row extends QueryResultRow>({ text, values }: { text: string; values: unknown[] }) {
      if (isRefused) return pool.query<Row>({ text, values });
      try {
        return await pool.query<Row>({ name: nameOf(text), text, values });
      } catch (error) {
        if (!foreignSession.test(String((error as { code?: unknown }).code))) throw error;
        isRefused = true;
        return pool.query<Row>({ text, values });
      }
    },
  };
  made.set(pool, own);
  return own;
}

/** The rows of a composed statement that is sent often. */
export async function selectPrepared<Row extends object>(pool: Pool, { text, values }: Prisma.Sql): Promise<Row[]> {
  return (await preparing(pool).query<Row & QueryResultRow>({ text, values })).rows;
}

const names = new Map<string, string>();

/** One name for each text: statements of two releases never meet under one. */
function nameOf(text: string): string {
  const name = names.get(text) ?? createHash("sha256").update(text).digest("base64url");
  names.set(text, name);
  return name;
}
