import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Whom PostgreSQL runs as: spawn options. Empty for an ordinary user, who runs it under their own name. */
export type Account = { uid?: never; gid?: never } | { uid: number; gid: number };

export const isRoot = (): boolean => process.getuid?.() === 0;

/** PostgreSQL refuses to run as root, so root lends it an account that every Unix has. */
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

/** A cluster belongs to the account that made it: PostgreSQL runs as no other, even if a better one has come since. */
export async function ownerOf(folder: string): Promise<Account> {
  const { uid, gid } = await stat(folder);
  return { uid, gid };
}

/** Asked of the system as that account, because permissions of every parent folder decide. */
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
  // macOS gives "nobody" a number that does not fit what spawn accepts.
  return id > 0 && id < 2 ** 31 ? id : undefined;
}
