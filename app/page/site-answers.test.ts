import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { siteAnswers } from "./site-answers";

async function answersWith(status: number) {
  const server = createServer((_req, res) => void res.writeHead(status, { location: "/sign-in" }).end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return siteAnswers(`http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`);
}

test.each([200, 302, 401, 403, 404])(
  "a site answers also where a proxy keeps its readiness for operators: %i",
  async (status) => {
    expect(await answersWith(status)).toBe(true);
  },
);

test.each([429, 500, 502, 503, 504])(
  "a site that fails, or asks for fewer requests, does not answer: %i",
  async (status) => {
    expect(await answersWith(status)).toBe(false);
  },
);

test("a site that is not there does not answer", async () => {
  expect(await siteAnswers("http://127.0.0.1:1/readyz")).toBe(false);
});
