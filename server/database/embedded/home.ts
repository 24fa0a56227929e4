import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type Account, canEnter, isRoot, lendAccount, ownerOf } from "./account";

/** The cluster's folder, and the account that runs it. */
export interface Home {
  folder: string;
  account: Account;
  /** Folder for a copy of the binaries. */
  copies: string;
}

/** Used by root when the unprivileged account cannot reach the wanted folder. */
const systemFolder = "/var/lib/bitrix24-registration";

/**
 * Usually `dir`. For root, its parent may be closed to the unprivileged account (a checkout in /root, for example):
 * then a folder of `fallback` named after the real path of `dir`, so that two checkouts never share a cluster.
 */
export async function findHome(dir: string, fallback = systemFolder): Promise<Home> {
  const parent = dirname(dir);
  await mkdir(parent, { recursive: true });
  if (!isRoot()) return { folder: dir, account: {}, copies: parent };

  const name = createHash("sha256")
    .update(join(await realpath(parent), basename(dir)))
    .digest("hex")
    .slice(0, 16);
  const elsewhere = join(fallback, name);
  // An existing cluster is preferred: otherwise a changed mode of a parent folder would make the data seem lost.
  for (const folder of [dir, elsewhere])
    if (existsSync(join(folder, "data")))
      return { folder, account: await ownerOf(join(folder, "data")), copies: fallback };

  const account = await lendAccount();
  if (await canEnter(parent, account)) return { folder: dir, account, copies: fallback };
  await mkdir(fallback, { recursive: true });
  await chmod(fallback, 0o755);
  return { folder: elsewhere, account, copies: fallback };
}

/** Whether there is a cluster for this folder. */
export async function hasCluster(dir: string): Promise<boolean> {
  const { folder } = await findHome(resolve(dir));
  return existsSync(join(folder, "data"));
}
