import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { isStale } from "./freshness";
import { root, runTool } from "./run";

/** `npm run build`: the database client if it is out of date, then the site. */
async function build(): Promise<number> {
  const generated = isStale("prisma/generated/client.ts") ? await runTool("prisma", ["generate"]) : 0;
  return generated || runTool("remix", ["vite:build"]);
}

const folder = resolve(root, "build");
rmSync(folder, { recursive: true, force: true });
const code = await build();
// Half a build would look fresh to the demo.
if (code !== 0) rmSync(folder, { recursive: true, force: true });
process.exit(code);
