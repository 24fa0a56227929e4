import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createHttpServer } from "./http-server";

/** Paths that the server was asked for, as it understood it. */
const asked: string[] = [];
const server = createHttpServer((req, res) => {
  asked.push(`${req.method} ${req.url}`);
  req.resume().on("end", () => res.end("answered"));
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void asked.splice(0));

/** Sends bytes as they are, and returns everything that comes back until the server closes the connection. */
async function sendRaw(text: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (chunk) => {
    answer += chunk;
  });
  const closed = new Promise((resolve) => socket.on("close", resolve));
  // Closed without a word is closed as well.
  socket.on("error", () => {});
  socket.write(text, "latin1");
  await closed;
  return answer;
}

const smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
const post = (headers: string, body: string) => `POST /first HTTP/1.1\r\nHost: a\r\n${headers}\r\n${body}`;

/** What a proxy in front might read in another way than we do, and so take the second request for a part of the first. */
const doubtful: [name: string, request: string][] = [
  ["a length beside chunks", post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", `0\r\n\r\n${smuggled}`)],
  ["chunks beside a length", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", `0\r\n\r\n${smuggled}`)],
  ["two lengths", post(`Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n`, smuggled)],
  ["a list of lengths", post(`Content-Length: 0, ${smuggled.length}\r\n`, smuggled)],
  ["a length with a sign", post("Content-Length: +0\r\n", smuggled)],
  ["a length that is no number", post("Content-Length: 0x0\r\n", smuggled)],
  ["an encoding that only looks like chunks", post("Transfer-Encoding: xchunked\r\n", `0\r\n\r\n${smuggled}`)],
  ["chunks that are not the last encoding", post("Transfer-Encoding: chunked, identity\r\n", `0\r\n\r\n${smuggled}`)],
  ["a blank before the colon", post("Transfer-Encoding : chunked\r\n", `0\r\n\r\n${smuggled}`)],
  ["a folded header", post("X-A: b\r\n Transfer-Encoding: chunked\r\n", `0\r\n\r\n${smuggled}`)],
  ["a size of a chunk that is no number", post("Transfer-Encoding: chunked\r\n", `0x0\r\n\r\n${smuggled}`)],
  ["lines that end without a carriage return", `GET /first HTTP/1.1\nHost: a\n\n${smuggled}`],
  ["a lone carriage return in a header", post("X-A: b\rTransfer-Encoding: chunked\r\n", `0\r\n\r\n${smuggled}`)],
  ["NUL in a header", post("X-A: b\0c\r\n", smuggled)],
];

for (const [name, request] of doubtful)
  test(`a request with ${name} is refused, and what follows it is not read`, async () => {
    const answer = await sendRaw(request);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain("answered");
    expect(asked).not.toContain("GET /smuggled");
  });

test("an honest request is answered, and one after it on the same connection", async () => {
  const answer = await sendRaw(
    post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n") +
      "GET /second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  );
  expect(answer.match(/answered/g)).toHaveLength(2);
  expect(asked).toEqual(["POST /first", "GET /second"]);
});
