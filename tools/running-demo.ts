import { readLockFile, takeLockFile } from "./lock-file";

/**
 * The portal's address of a demo that runs on the same data: a second one would share the database, but write its own
 * portal's data over that of the first. The token tells it from the demo of another folder that has its port by now.
 */
export async function findRunningDemo(file: string, eventToken: string): Promise<string | undefined> {
  const url = readLockFile(file);
  return url && (await isDemo(url, eventToken)) ? url : undefined;
}

/**
 * Takes the folder for the demo whose portal listens at this address. Undefined if that succeeds, else the address of the
 * demo that has it.
 */
export const takeFolder = (file: string, eventToken: string, portalUrl: string): Promise<string | undefined> =>
  takeLockFile(file, portalUrl, (url) => isDemo(url, eventToken));

async function isDemo(url: string, eventToken: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/control/state?calls=0`, { signal: AbortSignal.timeout(5_000) });
    const { settings } = (await answer.json()) as { settings: { events: { token: string } } };
    return settings.events.token === eventToken;
  } catch {
    return false;
  }
}
