import { createSocket } from "node:dgram";
import { once } from "node:events";
import { freePort } from "../database/embedded/free-port";

/** Below those that a system hands out by itself: a port that was only found free may be another program's at once. */
const anyPort = () => 16_000 + Math.floor(Math.random() * 16_000);

/**
 * A port for a server that is started later, and perhaps again: as long as this process lives no other run of tests gets it.
 * UDP has ports of its own, so a socket on the same number holds the claim and leaves the port to the server.
 */
export async function claimPort(choose = anyPort): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = choose();
    const claim = createSocket("udp4");
    claim.bind({ port, address: "127.0.0.1", exclusive: true });
    const isOurs = await once(claim, "listening").then(
      () => true,
      () => false,
    );
    if (isOurs && (await freePort(port)) === port) {
      claim.unref();
      return port;
    }
    claim.close();
  }
  throw new Error("A hundred ports were tried, and none was free.");
}
