import type { Db, Tx } from "../database/db";

/**
 * Where a database stands: the cluster's own number and the database's in it. A dump that is restored into another
 * database, and a copy, get another one; a cluster that is copied file by file keeps both and cannot be told apart.
 */
export async function readHome(db: Db): Promise<string> {
  const [row] = await db.$queryRaw<{ oid: string }[]>`
    select oid::text from pg_database where datname = current_database()`;
  return `${await readCluster(db)}/${row?.oid ?? ""}`;
}

/** Empty on a server that tells its number to administrators only. */
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

/** Whether they are one place, as far as both tell: a right to read the cluster's number comes and goes. */
export function isSameHome(one: string, another: string): boolean {
  const [cluster, oid] = split(one);
  const [otherCluster, otherOid] = split(another);
  return oid === otherOid && (cluster === otherCluster || cluster === "" || otherCluster === "");
}

/** Whether the database that stood there is gone from this very cluster: then this one has taken its place. */
export async function isReplaced(tx: Tx, before: string, now: string): Promise<boolean> {
  const [cluster, oid] = split(before);
  if (cluster === "" || cluster !== split(now)[0]) return false;
  const [row] = await tx.$queryRaw<{ stands: boolean }[]>`
    select exists (select 1 from pg_database where oid::text = ${oid}) as stands`;
  return row?.stands === false;
}
