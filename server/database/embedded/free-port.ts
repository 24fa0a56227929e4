import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

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
