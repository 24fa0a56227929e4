import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { readNothing } from "../server/cli/usage";
import { bundle, external } from "./bundle.js";
import { ensurePrismaClient } from "./prisma-client";
import { root, runTool } from "./run";

/** `npm run build`: the database client if it is out of date, then all that a machine needs to run the site, in `build`. */
const folder = resolve(root, "build");

async function build(): Promise<number> {
  const code = (await ensurePrismaClient()) || (await runTool("remix", ["vite:build"]));
  if (code !== 0) return code;
  await bundleCommands();
  copyPackages();
  cpSync(join(root, "prisma"), join(folder, "prisma"), {
    recursive: true,
    filter: (path) => basename(path) !== "generated",
  });
  return 0;
}

/** The commands, which then run without development dependencies. What they share is written once. */
async function bundleCommands(): Promise<void> {
  const commands = readdirSync(join(root, "server/cli/commands")).filter((name) => name.endsWith(".ts"));
  await bundle({
    entryPoints: commands.map((name) => join(root, "server/cli/commands", name)),
    outdir: join(folder, "cli"),
  });
}

/** Packages that cannot be bundled, each with the part made for this machine. */
function copyPackages(): void {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ type: "module", private: true })}\n`);
  for (const name of external) {
    const source = join(root, "node_modules", name);
    const { optionalDependencies = {} } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
    for (const part of [name, ...Object.keys(optionalDependencies)]) {
      const from = join(root, "node_modules", part);
      if (!existsSync(from)) continue;
      cpSync(from, join(folder, "node_modules", part), { recursive: true, dereference: true });
    }
  }
}

readNothing("Usage: npm run build");
// The terminal's signals reach the tool as well: it ends, and what it leaves is still to be removed.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
rmSync(folder, { recursive: true, force: true });
const code = await build().catch((error: unknown) => {
  console.error(error);
  return 1;
});
// Half a build would look fresh to the demo.
if (code !== 0) rmSync(folder, { recursive: true, force: true });
process.exit(code);
