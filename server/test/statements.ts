import type { Pool, PoolClient } from "pg";

/** What a pool's connections send to the database; each statement is one round trip. */
export interface Statements {
  /** The statements that the work sends, in order. Nothing else may use the pool meanwhile. */
  during(work: () => Promise<unknown>): Promise<string[]>;
}

/** Listens to a pool, also to what Prisma, the queue and libraries send. */
export function listenToStatements(pool: Pool): Statements {
  const sent: string[] = [];
  const heard = new WeakSet<PoolClient>();
  pool.on("acquire", (client) => {
    if (heard.has(client)) return;
    heard.add(client);
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      const [statement] = args;
      sent.push(typeof statement === "string" ? statement : (statement as { text: string }).text);
      return query(...args);
    }) as typeof client.query;
  });
  return {
    during: async (work) => {
      sent.length = 0;
      await work();
      return [...sent];
    },
  };
}
