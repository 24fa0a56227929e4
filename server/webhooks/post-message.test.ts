import type { lookup } from "node:dns";
import { expect, onTestFinished, test } from "vitest";
import { startReceiver } from "../test/receiver";
import { postMessage } from "./post-message";

async function setup() {
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const post = (url = receiver.url, more: Partial<Parameters<typeof postMessage>[0]> = {}) =>
    postMessage({
      url,
      headers: { "webhook-id": "msg_1" },
      body: '{"имя":"Анна"}',
      internalHosts: [],
      timeoutMs: 10_000,
      ...more,
    });
  return { receiver, post };
}

/** A name server that answers with these addresses. */
const answering = (...addresses: string[]) =>
  ((_name: string, _options: unknown, done: (error: null, found: object[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    )) as unknown as typeof lookup;

test("a message arrives whole, as JSON, at an address inside that is allowed", async () => {
  const { receiver, post } = await setup();
  expect(await post(receiver.url, { internalHosts: ["127.0.0.1"] })).toEqual({ status: 204 });
  expect(receiver.received).toMatchObject([
    { body: '{"имя":"Анна"}', headers: { "content-type": "application/json", "webhook-id": "msg_1" } },
  ]);
});

test("an address inside the network is not even connected to, whatever its spelling", async () => {
  const { receiver, post } = await setup();
  for (const host of ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "localhost"])
    expect(await post(`https://${host}:${receiver.port}/`), host).toEqual({ error: "INTERNAL_ADDRESS" });
  expect(await post()).toEqual({ error: "URL_HTTPS" });
  expect(receiver.received).toEqual([]);
});

test("a name is refused if any of its addresses lies inside", async () => {
  const { receiver, post } = await setup();
  for (const addresses of [
    ["127.0.0.1"],
    ["8.8.8.8", "10.0.0.1"],
    ["2a00:1450::1", "::1"],
    ["::ffff:169.254.169.254"],
  ]) {
    const outcome = await post(`https://rebound.example:${receiver.port}/`, { resolve: answering(...addresses) });
    expect(outcome, addresses.join()).toEqual({ error: "INTERNAL_ADDRESS" });
  }
  expect(receiver.received).toEqual([]);
});

test("a redirect is an error, and nobody is sent to its target", async () => {
  const { receiver, post } = await setup();
  for (const status of [301, 302, 307, 308]) {
    receiver.answer = (_, response) => void response.writeHead(status, { location: receiver.url }).end();
    expect(await post(receiver.url, { internalHosts: ["127.0.0.1"] })).toEqual({ error: "REDIRECT" });
  }
  expect(receiver.received).toHaveLength(4);
});

test("a receiver that hangs, one that cuts the line and one that is not there are told apart", async () => {
  const { receiver, post } = await setup();
  const inside = { internalHosts: ["127.0.0.1"], timeoutMs: 300 };
  receiver.answer = () => {};
  expect(await post(receiver.url, inside)).toEqual({ error: "TIMEOUT" });
  receiver.answer = (request) => void request.socket.destroy();
  expect(await post(receiver.url, { internalHosts: ["127.0.0.1"] })).toEqual({ error: "ECONNRESET" });
  await receiver.close();
  expect(await post(receiver.url, { internalHosts: ["127.0.0.1"] })).toEqual({ error: "ECONNREFUSED" });
});

test("an answer without end does not hold the sender up", async () => {
  const { receiver, post } = await setup();
  receiver.answer = (_, response) => {
    response.writeHead(200);
    const write = () => void (response.destroyed || response.write("x".repeat(10_000), () => setImmediate(write)));
    write();
  };
  expect(await post(receiver.url, { internalHosts: ["127.0.0.1"] })).toEqual({ status: 200 });
});

test("a receiver that changes the protocol instead of answering does not hold the sender up", async () => {
  const { receiver, post } = await setup();
  for (const headers of ["connection: upgrade\r\nupgrade: websocket\r\n", "connection: upgrade\r\n", ""]) {
    receiver.answer = ({ socket }) => void socket.end(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\n`);
    const outcome = await post(receiver.url, { internalHosts: ["127.0.0.1"], timeoutMs: 5_000 });
    expect([{ status: 101 }, { error: "FAILED" }], headers).toContainEqual(outcome);
  }
});

test("a receiver that answers something else than HTTP, or closes without an answer, ends the attempt", async () => {
  const { receiver, post } = await setup();
  for (const answer of ["", "\r\n", "hello\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"]) {
    receiver.answer = ({ socket }) => void socket.end(answer);
    expect(await post(receiver.url, { internalHosts: ["127.0.0.1"] }), answer).toEqual({ error: expect.any(String) });
  }
});
