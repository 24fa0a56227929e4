import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * The portal's address of a demo that runs on the same data: a second one would share the database, but write its own
 * portal's data over that of the first. The token tells it from the demo of another folder that has its port by now.
 */
export async function findRunningDemo(file: string, eventToken: string): Promise<string | undefined> {
  const url = readAddress(file);
  if (!url) return undefined;
  try {
    const answer = await fetch(`${url}/control/state?calls=0`, { signal: AbortSignal.timeout(5_000) });
    const { settings } = (await answer.json()) as { settings: { events: { token: string } } };
    return settings.events.token === eventToken ? url : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes the folder for the demo whose portal listens at this address. Undefined if that succeeds, else the address of the
 * demo that has it. Of several demos that start at once, one gets it.
 */
export async function takeFolder(file: string, eventToken: string, portalUrl: string): Promise<string | undefined> {
  for (;;) {
    const stale = readAddress(file);
    const running = await findRunningDemo(file, eventToken);
    if (running && running !== portalUrl) return running;
    if (stale !== undefined) removeIfStill(file, stale);
    try {
      writeFileSync(file, portalUrl, { flag: "wx" });
      return undefined;
    } catch (error) {
      // Another one was faster: it is asked whether it runs.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** Moved before it is read again: what another demo has written meanwhile is put back. */
function removeIfStill(file: string, stale: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return;
  }
  if (readAddress(aside) === stale) rmSync(aside);
  else renameSync(aside, file);
}

function readAddress(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}
