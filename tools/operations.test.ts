import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setInterval, setTimeout } from "node:timers/promises";
import express from "express";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { createMetrics } from "../server/http/metrics";
import { parseEnv } from "../server/platform/env";
import { createTestDatabase, type TestDatabase } from "../server/test/database";
import { root } from "./run";

const folder = join(root, "docs/operations");
const read = (name: string) => readFileSync(join(folder, name), "utf8");

interface Rule {
  alert: string;
  expr: string;
  annotations: { summary: string; todo: string };
}
const rules = (parse(read("alerts.yml")) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read("dashboard.json")) as { panels: { title: string; targets: { expr: string }[] }[] };

let database: TestDatabase;
/** Each metric's name that the site tells, with those of a histogram's parts. */
let told: Set<string>;
let scrape: () => Promise<string>;
let server: Server;

beforeAll(async () => {
  database = await createTestDatabase();
  const app = express();
  app.get("/metrics", createMetrics({ db: database.db, env: parseEnv({}) }));
  server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  scrape = async () => (await fetch(url, { headers: { connection: "close" } })).text();
  const text = await scrape();
  told = new Set(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
      type === "histogram" ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [String(name)],
    ),
  );
});
afterAll(async () => {
  server.close();
  await database.drop();
});

/** Names in an expression that are followed by labels, a range, an operator or the end, but no bracket of a function. */
const metricsIn = (expression: string): string[] => [
  ...new Set(
    [
      ...expression
        .replace(/\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)/g, " ")
        .matchAll(/\b([a-z][a-z0-9_]*_[a-z0-9_]+)\b(?!\()/g),
    ].map((match) => String(match[1])),
  ),
];

test("every alert is about a metric that the site tells, and says what to do", () => {
  for (const { alert, expr, annotations } of rules) {
    const unknown = metricsIn(expr).filter((name) => !told.has(name));
    expect(unknown, alert).toEqual([]);
    expect(annotations.summary && annotations.todo, alert).toBeTruthy();
  }
  expect(rules.flatMap(({ expr }) => metricsIn(expr))).toContain("crm_registrations_overdue");
});

test("the alert about a blocked event loop sees a single block beside much calm, so that blocks that go on raise it", async () => {
  const blocked = rules.find(({ alert }) => alert === "EventLoopBlocked");
  const [, name, limit] = /^(\S+) > (\S+)$/.exec(blocked?.expr ?? "") ?? [];
  await scrape();
  let turns = 0;
  for await (const _ of setInterval(10)) if (++turns === 200) break;
  const end = performance.now() + 1_100;
  while (performance.now() < end);
  // The delay is noted in the turn after it.
  await setTimeout(20);
  const told = new RegExp(`^${name} (\\S+)$`, "m").exec(await scrape())?.[1];
  expect(Number(told)).toBeGreaterThan(Number(limit));
});

test("every panel of the dashboard shows a metric that the site tells", () => {
  for (const { title, targets } of dashboard.panels)
    for (const { expr } of targets) {
      const names = metricsIn(expr);
      expect(names.length, title).toBeGreaterThan(0);
      expect(
        names.filter((name) => !told.has(name)),
        title,
      ).toEqual([]);
    }
});

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;

test.skipIf(!hasPromtool)("Prometheus itself takes the rules", () => {
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "rules", join(folder, "alerts.yml")]);
  expect(`${stdout}${stderr}`).toContain(`${rules.length} rules found`);
  expect(status).toBe(0);
});
