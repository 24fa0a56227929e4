import pg from "pg";
import { schemaOf } from "../platform/database-schema";
import { sessionOf } from "./address";
import { firstStatementOf } from "./session-settings";

/** Runs work in a session of its own, outside of any pool. */
export async function withSession<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(sessionOf(databaseUrl, "pool"));
  // A lost connection rejects the query in flight.
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(firstStatementOf(schemaOf(databaseUrl)));
    return await work(client);
  } finally {
    await client.end();
  }
}
