import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Takes a lock file by writing into it who has it. Undefined if that succeeds, else what its owner has written. The
 * file of an owner that was killed stays behind, so `isHeld` says of what stands there whether its owner runs. Of
 * several that ask at once one gets it.
 */
export async function takeLockFile(
  file: string,
  mine: string,
  isHeld: (written: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (;;) {
    const written = readLockFile(file);
    if (written !== undefined && written !== mine && (await isHeld(written))) return written;
    if (written !== undefined) removeIfStill(file, written);
    try {
      writeFileSync(file, mine, { flag: "wx" });
    } catch (error) {
      // Another one was faster: it is asked whether it runs.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      continue;
    }
    // One that read the file before these words stood in it took it for left behind.
    if (readLockFile(file) === mine) return undefined;
  }
}

/** Moved before it is read again: what another process has written meanwhile is put back. */
export function removeIfStill(file: string, written: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return;
  }
  if (readLockFile(aside) === written) rmSync(aside);
  else renameSync(aside, file);
}

export function readLockFile(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}
