import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { claimPort } from "./claim-port";

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

test("a server listens on a claimed port, and again after it has ended", async () => {
  const port = await claimPort();
  for (let round = 0; round < 2; round++) {
    const server = await listen(port);
    server.close();
    await once(server, "close");
  }
});

test("a port is claimed once, also while no server listens on it", async () => {
  const [first, second] = [await claimPort(), await claimPort()];
  const free = await claimPort();
  const choices = [first, second, first];
  await expect(claimPort(() => choices.shift() ?? free)).rejects.toThrow("none was free");
  expect(choices).toEqual([]);
});

test("a port on which another program listens is passed over", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  const taken = typeof address === "object" && address ? address.port : 0;
  const choices = [taken];
  const port = await claimPort(() => choices.shift() ?? 16_000 + Math.floor(Math.random() * 16_000));
  expect(port).not.toBe(taken);
});
