import { openSync } from "node:fs";
import { join } from "node:path";
import { createDb, createPool, type Db } from "../../server/database/db";
import { createLog } from "../../server/platform/log";
import { claimPort } from "../../server/test/claim-port";
import { createEmptyDatabase } from "../../server/test/template";
import { type ServerProcess, startServer } from "../../tools/server-process";
import type { Portal } from "../portal/portal";
import { startPortal } from "../portal/server";
import { serverLog } from "../server-log";
import { crmSettings } from "../stack";
import { Nginx } from "./nginx";

/** One process of the fleet; started again it has the same port. */
export interface Node {
  name: string;
  role: "web" | "worker";
  port: number;
  process: ServerProcess;
}

/** Three web processes and two workers on one PostgreSQL and one portal, behind nginx. */
export interface Fleet {
  nginx: Nginx;
  nodes: Node[];
  db: Db;
  portal: Portal;
  /** Starts a node that has ended, from another folder than the build's if one is named; a web process is ready then. */
  start(node: Node, build?: string): Promise<void>;
  stop(): Promise<void>;
}

export const metricsToken = "metrics-token-of-the-fleet";

/** All five start at the same moment, on a database without a table. */
export async function startFleet(): Promise<Fleet> {
  const template = process.env.E2E_TEMPLATE;
  if (!template) throw new Error("The global setup has not run.");
  const database = await createEmptyDatabase(JSON.parse(template));
  const portal = await startPortal({ limits: { bucket: 0 } });
  const [entrance = 0, ...ports] = await Promise.all(Array.from({ length: 6 }, () => claimPort()));
  const output = openSync(serverLog("fleet"), "a");

  const run = (role: Node["role"], port: number, build = "build"): ServerProcess =>
    startServer({
      args: [join(build, "server/index.js")],
      port,
      output,
      listens: role === "web",
      env: {
        ROLE: role,
        APP_URL: `http://127.0.0.1:${entrance}`,
        TRUST_PROXY: "1",
        DATABASE_URL: database.url,
        SESSION_SECRET: "a-secret-that-only-these-tests-use",
        METRICS_TOKEN: metricsToken,
        RATE_LIMIT_REGISTER: "0",
        RATE_LIMIT_LOGIN: "3",
        BITRIX24_WEBHOOK_URL: portal.webhookUrl,
        ...crmSettings,
      },
    });
  const nodes = ports.map((port, at): Node => {
    const role = at < 3 ? "web" : "worker";
    return { name: `${role} ${at < 3 ? at + 1 : at - 2}`, role, port, process: run(role, port) };
  });
  await Promise.all(nodes.map(({ process: { ready } }) => ready));
  const nginx = await Nginx.start(entrance, ports.slice(0, 3));

  const pool = createPool(database.url, createLog("silent"), 4);
  const db = createDb(pool);
  return {
    nginx,
    nodes,
    db,
    portal: portal.portal,
    start: async (node, build) => {
      node.process = run(node.role, node.port, build);
      await node.process.ready;
    },
    stop: async () => {
      await Promise.all(nodes.map((node) => node.process.stop()));
      await nginx.stop();
      await portal.close();
      await db.$disconnect();
      await pool.end();
      await database.drop();
    },
  };
}
