import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { elapsedMs } from "../../platform/elapsed";

/** The wanted port if it is free, else any free port. */
export async function freePort(wanted = 0, host = "127.0.0.1"): Promise<number> {
  const server = createServer();
  server.listen(wanted, host);
  try {
    await once(server, "listening");
  } catch (error) {
    if (wanted === 0) throw error;
    return freePort(0, host);
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Whether the port is free now or becomes so in time. Each of several processes that ask at the same moment takes the
 * port for an instant in order to see, so one refusal does not mean that a program uses it.
 */
export async function isFreeWithin(patienceMs: number, port: number): Promise<boolean> {
  const deadline = elapsedMs() + patienceMs;
  while ((await freePort(port)) !== port) {
    if (elapsedMs() > deadline) return false;
    // Random, so that the processes do not ask in step.
    await delay(10 + Math.random() * 40);
  }
  return true;
}
