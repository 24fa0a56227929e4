import { readFileSync, writeFileSync } from "node:fs";

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

export const noteRunningDemo = (file: string, portalUrl: string): void => writeFileSync(file, portalUrl);

function readAddress(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}
