import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, expect, test } from "vitest";
import { counters, requestDuration } from "../platform/counters";
import { requestMetrics } from "./request-metrics";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
// The process counts for every server in it.
beforeEach(() => requestDuration.reset());

async function start() {
  const app = express();
  app.use(requestMetrics);
  app.get("/made", (_req, res) => void res.status(201).send("made"));
  app.get("/never", (_req, res) => void res.write("begun"));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const counted = (method: string, status: number) =>
  expect
    .poll(() => counters.metrics())
    .toContain(
      `http_server_request_duration_seconds_count{http_request_method="${method}",http_response_status_code="${status}"} 1`,
    );

test("each answer is timed under its method and status, without its path", async () => {
  const base = await start();
  await fetch(`${base}/made?name=anna`);
  await fetch(`${base}/anna@example.com`, { method: "POST" });
  await counted("GET", 201);
  await counted("POST", 404);
  expect(await counters.metrics()).not.toContain("anna");
});

test("a method that is not a usual one makes no series of its own", async () => {
  const base = await start();
  await fetch(`${base}/made`, { method: "PROPFIND" });
  await counted("_OTHER", 404);
});

test("a visitor who leaves before the answer counts as 499", async () => {
  const asked = request(`${await start()}/never`).end();
  const [answer] = await once(asked, "response");
  answer.destroy();
  await counted("GET", 499);
});
