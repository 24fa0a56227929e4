import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { isAlive } from "../server/database/embedded/is-alive";
import { removeIfStill, takeLockFile } from "./lock-file";

const loopback = "127.0.0.1";

/**
 * Takes the file of a portal's data for this process: two stand-ins that keep one file write over each other's data.
 * The owner answers at a port with a secret that stands in the lock file, which works wherever Node does; one that was
 * killed does not answer, and a number of a process alone would be another's by then. Undefined if another process has
 * it.
 */
export async function takePortalFile(file: string): Promise<{ release(): void } | undefined> {
  const secret = randomUUID();
  const server = createServer((socket) => void socket.on("error", () => {}).end(secret)).unref();
  server.listen(0, loopback);
  await once(server, "listening");
  const mine = `${(server.address() as AddressInfo).port} ${process.pid} ${secret}`;
  const lock = `${file}.lock`;
  const release = () => {
    server.close();
    removeIfStill(lock, mine);
  };
  if ((await takeLockFile(lock, mine, isHeld)) === undefined) return { release };
  server.close();
  return undefined;
}

async function isHeld(written: string): Promise<boolean> {
  const [, port, pid, secret] = /^(\d{1,5}) (\d+) (\S+)$/.exec(written) ?? [];
  if (!secret || Number(port) > 65_535) return false;
  const socket = connect({ port: Number(port), host: loopback });
  let isSilent = false;
  socket.setTimeout(2_000, () => {
    isSilent = true;
    socket.destroy();
  });
  let said = "";
  try {
    for await (const chunk of socket.setEncoding("utf8")) {
      said += chunk;
      if (said.length >= secret.length) break;
    }
  } catch {
    // Nothing listens there any more.
  }
  // A stopped process writes again once it is continued; a program that has the port by now may be silent as well.
  return said === secret || (isSilent && isAlive(Number(pid)));
}
