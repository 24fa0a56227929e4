import { once } from "node:events";
import { Agent, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { closeServer } from "./close-server";
import { createHttpServer } from "./http-server";

const agents: Agent[] = [];
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

/** A server whose answers wait for the test, and a visitor with one connection that is kept open. */
async function start() {
  const waiting: ServerResponse[] = [];
  const server = createHttpServer((_req, res) => void waiting.push(res)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  const ask = (by?: Agent): Promise<{ status: number; connection: string | undefined }> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port, ...(by ? { agent: by } : { agent: false }) }, (res) => {
        res.resume();
        res.on("end", () => resolve({ status: res.statusCode ?? 0, connection: res.headers.connection }));
      });
      sent.on("error", reject);
      sent.end();
    });
  const reached = (count: number) => expect.poll(() => waiting.length).toBe(count);
  return { server, waiting, agent, ask, reached };
}

test("requests in flight are answered, and the server is closed with the last of them", async () => {
  const { server, waiting, agent, ask, reached } = await start();
  const asked = [ask(agent)];
  // One after the other: of two at the same moment either may be the first that the server has.
  await reached(1);
  asked.push(ask());
  await reached(2);
  let isClosed = false;
  const closing = closeServer(server).then(() => {
    isClosed = true;
  });
  waiting[0]?.end("one");
  expect(await asked[0]).toEqual({ status: 200, connection: "close" });
  expect(isClosed).toBe(false);
  waiting[1]?.end("two");
  expect((await asked[1])?.status).toBe(200);
  await closing;
});

test("a request that follows on an open connection is answered as well, and its answer ends the connection", async () => {
  const { server, waiting, reached } = await start();
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const received = text(socket);
  socket.write("GET /first HTTP/1.1\r\nHost: site\r\n\r\n");
  await reached(1);
  const closing = closeServer(server);
  socket.write("GET /second HTTP/1.1\r\nHost: site\r\n\r\n");
  await reached(2);
  waiting[1]?.end("second");
  waiting[0]?.writeHead(200, { connection: "keep-alive" }).end("first");
  expect(await received).toMatch(
    /^HTTP\/1\.1 200 [\s\S]*first[\s\S]*HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*second/i,
  );
  await closing;
});

test("no new connection is accepted, and connections without a request do not keep the server open", async () => {
  const { server, waiting, agent, ask, reached } = await start();
  const done = ask(agent);
  await reached(1);
  waiting[0]?.end();
  expect((await done).connection).toBe("keep-alive");
  await closeServer(server);
  await expect(ask()).rejects.toThrow("ECONNREFUSED");
});
