import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import express, { type Response } from "express";
import { expect, test } from "vitest";
import { drained } from "./drained";

/** A long answer to a visitor who does not read it. */
async function openAnswer() {
  let answer: (res: Response) => void = () => {};
  const answered = new Promise<Response>((resolve) => {
    answer = resolve;
  });
  const app = express();
  app.get("/", (_req, res) => {
    answer(res);
  });
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const visitor = connect((server.address() as AddressInfo).port, "127.0.0.1");
  visitor.pause();
  visitor.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const res = await answered;
  // More than the buffers of any operating system take.
  res.write(Buffer.alloc(2 ** 26));
  return { res, visitor, stop: () => server.close() };
}

test("a connection that takes everything is not waited for", async () => {
  const { res, visitor, stop } = await openAnswer();
  visitor.resume();
  await drained(res);
  await expect(drained(res)).resolves.toBeUndefined();
  visitor.destroy();
  stop();
});

test("who does not read is waited for, and who leaves is not", async () => {
  const { res, visitor, stop } = await openAnswer();
  let isDrained = false;
  const waiting = drained(res).then(() => {
    isDrained = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isDrained).toBe(false);

  visitor.destroy();
  await waiting;
  expect(res.listenerCount("drain")).toBe(0);
  stop();
});
