import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "../../prisma/generated/client";
import { schemaOf } from "../platform/database-schema";
import type { Logger } from "../platform/log";
import { outsideRequests } from "../platform/request-trace";
import { schemaOfPool, sessionOf } from "./address";
import { firstStatementOf } from "./session-settings";
import { WatchedPool } from "./watched-pool";

export type Db = PrismaClient;
/** What a service needs inside a transaction; every Db has it as well. */
export type Tx = Omit<Db, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;

/** One pool for Prisma and the queue: a registration's row and job must share a connection. */
export function createPool(databaseUrl: string, log: Logger, max = 10): pg.Pool {
  return listenedTo(new pg.Pool(poolConfig(databaseUrl, max)), log);
}

/**
 * A pool for the site, where people wait for the answer: a database that stops answering is noticed within three
 * seconds.
 */
export function createWatchedPool(databaseUrl: string, log: Logger, max = 10): pg.Pool {
  return listenedTo(new WatchedPool(poolConfig(databaseUrl, max), log), log);
}

const poolConfig = (databaseUrl: string, max: number): pg.PoolConfig => ({
  ...sessionOf(databaseUrl, "pool"),
  max,
  connectionTimeoutMillis: 10_000,
  // The pool awaits this before it lends the connection.
  onConnect: (client) => client.query(firstStatementOf(schemaOf(databaseUrl))),
});

function listenedTo(pool: pg.Pool, log: Logger): pg.Pool {
  // Without a listener, an idle connection that breaks (a database restart) would end the process.
  pool.on("error", (error) =>
    // The connection outlives the request that opened it.
    outsideRequests(() => log.warn({ err: error }, "idle database connection lost")),
  );
  // The same for a connection in use, as in a transaction of ours: its query rejects, and the caller handles that.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** In milliseconds. */
interface TransactionLimits {
  /** After which a transaction is undone that has not asked for longer. */
  timeout?: number;
  /** How long one waits for a connection: a burst of requests waits instead of failing after Prisma's default of 2 s. */
  maxWait?: number;
}

export function createDb(pool: pg.Pool, { timeout = 15_000, maxWait = 10_000 }: TransactionLimits = {}): Db {
  return new PrismaClient({
    // Prisma qualifies each table with the schema.
    adapter: new PrismaPg(pool, { schema: schemaOfPool(pool) }),
    transactionOptions: { maxWait, timeout },
  });
}

/** P2002: unique constraint violated. */
export const isUniqueViolation = (error: unknown): boolean =>
  typeof error === "object" && error !== null && (error as { code?: unknown }).code === "P2002";
