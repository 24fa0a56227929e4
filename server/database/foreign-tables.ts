import type { ClientBase } from "pg";
import { hasRecords, readRecords } from "./migration-records";
import { hasTables } from "./schema";

/** The session's schema is another program's. The code is Prisma's for this, which its documentation explains. */
export const foreignTables = (): Error =>
  Object.assign(new Error("The database has tables, but none of ours: name an empty schema in DATABASE_URL."), {
    code: "P3005",
  });

/**
 * Throws if the session's schema holds tables of another program, which may itself record migrations as we do.
 *
 * @param known the names of our migrations
 */
export async function assertNotForeign(client: ClientBase, known: Iterable<string>): Promise<void> {
  const records = (await hasRecords(client)) ? await readRecords(client) : null;
  const names = new Set(known);
  // Records without a row are of a first start whose failed migration an operator has taken out.
  const isForeign = records
    ? records.length > 0 && !records.some(({ name }) => names.has(name))
    : await hasTables(client);
  if (isForeign) throw foreignTables();
}
