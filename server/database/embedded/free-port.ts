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

/** Below those that systems hand out by themselves. */
const anyServerPort = () => 10_000 + Math.floor(Math.random() * 6_000);

/**
 * A free port for a server that is to be found there again after it has ended. One that the system hands out by itself could
 * meanwhile be that of an outgoing connection, also of our own to this very port.
 */
export async function freeServerPort(choose = anyServerPort): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = choose();
    if ((await freePort(port)) === port) return port;
  }
  return freePort();
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
