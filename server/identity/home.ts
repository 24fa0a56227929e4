import type { Db, Tx } from "../database/db";

/**
 * Identifies the location of a database: the id of the cluster and of the database in it. A copy, and a dump that is
 * restored into another database, get another one. A cluster that is copied file by file keeps both ids and cannot be
 * told apart.
 */
export async function readHome(db: Db): Promise<string> {
  const [row] = await db.$queryRaw<{ oid: string }[]>`
    select oid::text from pg_database where datname = current_database()`;
  return `${await readCluster(db)}/${row?.oid ?? ""}`;
}

/** Empty on a server that shows its system identifier to administrators only. */
async function readCluster(db: Db): Promise<string> {
  try {
    const [row] = await db.$queryRaw<{ cluster: string }[]>`
      select system_identifier::text as cluster from pg_control_system()`;
    return row?.cluster ?? "";
  } catch {
    return "";
  }
}

const split = (home: string): [cluster: string, oid: string] => {
  const [cluster = "", oid = ""] = home.split("/");
  return [cluster, oid];
};

/**
 * Whether two locations are the same. The cluster's id is compared only if both have it, since the right to read it may
 * be granted or revoked.
 */
export function isSameHome(one: string, another: string): boolean {
  const [cluster, oid] = split(one);
  const [otherCluster, otherOid] = split(another);
  return oid === otherOid && (cluster === otherCluster || cluster === "" || otherCluster === "");
}

/** Whether the earlier database no longer exists in this same cluster: then this one has replaced it. */
export async function isReplaced(tx: Tx, before: string, now: string): Promise<boolean> {
  const [cluster, oid] = split(before);
  if (cluster === "" || cluster !== split(now)[0]) return false;
  const [row] = await tx.$queryRaw<{ stands: boolean }[]>`
    select exists (select 1 from pg_database where oid::text = ${oid}) as stands`;
  return row?.stands === false;
}
