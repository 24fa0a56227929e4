import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { ensurePrismaClient } from "./prisma-client";
import { root, runTool } from "./run";

/** `npm run build`: the database client if it is out of date, then the site. */
async function build(): Promise<number> {
  return (await ensurePrismaClient()) || runTool("remix", ["vite:build"]);
}

const folder = resolve(root, "build");
// The terminal's signals reach the tool as well: it ends, and what it leaves is still to be removed.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
rmSync(folder, { recursive: true, force: true });
const code = await build();
// Half a build would look fresh to the demo.
if (code !== 0) rmSync(folder, { recursive: true, force: true });
process.exit(code);
