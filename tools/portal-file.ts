import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Portal } from "../e2e/portal/portal";
import { readSnapshot } from "../e2e/portal/snapshot";

interface Options {
  file: string;
  /** Whether the site begins without data. */
  newDatabase: boolean;
  /** For the person at the terminal. */
  report: (message: string) => void;
}

/** What a look at the version costs nothing for; a large portal is written less often, since writing holds it up. */
const leastPauseMs = 250;
const pausePerWriting = 20;

/** More than a portal may have counted since its file was written: ids that the site knows must not be given out again. */
const leap = 100_000;

/**
 * Puts the stand-in portal's data back from its file, and keeps the file up to date until `stop`: the site remembers the
 * portal's ids, so the two must remember together. A portal that is killed loses its last moment.
 */
export function keepPortal(portal: Portal, options: Options): { stop(): void } {
  restore(portal, options);
  let written: number | undefined;
  let timer: NodeJS.Timeout;

  const write = (stopped: boolean) => {
    written = portal.version;
    const unfinished = `${options.file}.${process.pid}`;
    try {
      writeFileSync(unfinished, JSON.stringify({ stopped, snapshot: portal.snapshot() }), { mode: 0o600 });
      renameSync(unfinished, options.file);
    } catch (error) {
      options.report(`The stand-in portal's data could not be kept: ${(error as Error).message}`);
    }
  };
  const look = () => {
    const began = performance.now();
    if (portal.version !== written) write(false);
    const pause = Math.max(leastPauseMs, pausePerWriting * (performance.now() - began));
    timer = setTimeout(look, pause).unref();
  };
  // At once too: from now on the file on disk is that of a running portal.
  look();
  return {
    stop: () => {
      clearTimeout(timer);
      write(true);
    },
  };
}

function restore(portal: Portal, { file, newDatabase, report }: Options): void {
  const exists = existsSync(file);
  if (newDatabase) {
    if (exists && !isBlank(portal, file))
      report(`The database is new, so the stand-in portal begins empty too; its data is now ${setAside(file)}`);
    return;
  }
  if (!exists) {
    skipIds(portal);
    report(`The stand-in portal's data is not there (${file}): the site will find its deals deleted.`);
    return;
  }
  try {
    const { stopped, snapshot } = JSON.parse(readFileSync(file, "utf8")) as { stopped: boolean; snapshot: unknown };
    portal.restore(readSnapshot(snapshot));
    if (!stopped) skipIds(portal);
  } catch (error) {
    skipIds(portal);
    report(
      `The stand-in portal's data cannot be read and is now ${setAside(file)}; the portal begins empty, and the site ` +
        `will find its deals deleted. ${(error as Error).message}`,
    );
  }
}

/** As a demo leaves it that ends before its site has begun. */
function isBlank(portal: Portal, file: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(readFileSync(file, "utf8")).snapshot, portal.snapshot());
  } catch {
    return false;
  }
}

function skipIds(portal: Portal): void {
  const { nextIds, ...data } = portal.snapshot();
  for (const counter of Object.keys(nextIds) as (keyof typeof nextIds)[]) nextIds[counter] += leap;
  portal.restore({ ...data, nextIds });
}

function setAside(file: string): string {
  const aside = `${file}.${new Date().toISOString().replaceAll(":", "-")}`;
  renameSync(file, aside);
  return aside;
}
