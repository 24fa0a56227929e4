import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * The account that runs PostgreSQL, as spawn options. Empty for an ordinary user, who runs it under their own account.
 */
export type Account = { uid?: never; gid?: never } | { uid: number; gid: number };

export const isRoot = (): boolean => process.getuid?.() === 0;

/** PostgreSQL refuses to run as root, so root uses an unprivileged account that every Unix has. */
export async function lendAccount(): Promise<Account> {
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = await Promise.all([numericId("-u", name), numericId("-g", name)]);
    if (uid && gid) return { uid, gid };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this system has neither an account "postgres" nor "nobody". ' +
      "Run as an ordinary user, or set DATABASE_URL.",
  );
}

/** A cluster's files belong to the account that created it: PostgreSQL runs only as that account. */
export async function ownerOf(folder: string): Promise<Account> {
  const { uid, gid } = await stat(folder);
  return { uid, gid };
}

/** Tested as that account, since permissions of every parent folder count. */
export const canEnter = (folder: string, account: Account): Promise<boolean> =>
  execute("test", ["-x", folder], { ...account, cwd: "/" }).then(
    () => true,
    () => false,
  );

async function numericId(flag: "-u" | "-g", name: string): Promise<number | undefined> {
  const id = await execute("id", [flag, name]).then(
    ({ stdout }) => Number(stdout),
    () => 0,
  );
  // macOS gives "nobody" a uid that spawn does not accept.
  return id > 0 && id < 2 ** 31 ? id : undefined;
}
