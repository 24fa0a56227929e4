import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { type Account, canEnter, isRoot, lendAccount, ownerOf } from "./account";

/** Where the cluster lives and as whom it runs. */
export interface Home {
  folder: string;
  account: Account;
  /** Room for a copy of the binaries. */
  copies: string;
}

/**
 * `<dir>/postgres`. Under root that folder may be closed to the lent account (a checkout in /root, say): then a folder of
 * `fallback` named after the real path of `dir`, so that two checkouts never share a cluster.
 */
export async function findHome(dir: string, fallback: string): Promise<Home> {
  await mkdir(dir, { recursive: true });
  const own = join(dir, "postgres");
  if (!isRoot()) return { folder: own, account: {}, copies: dir };

  const name = createHash("sha256")
    .update(await realpath(dir))
    .digest("hex")
    .slice(0, 16);
  const elsewhere = join(fallback, name);
  // What exists wins, or a changed mode of some parent folder would make the data seem lost.
  for (const folder of [own, elsewhere])
    if (existsSync(join(folder, "data")))
      return { folder, account: await ownerOf(join(folder, "data")), copies: fallback };

  const account = await lendAccount();
  if (await canEnter(dir, account)) return { folder: own, account, copies: fallback };
  await mkdir(fallback, { recursive: true });
  await chmod(fallback, 0o755);
  return { folder: elsewhere, account, copies: fallback };
}
