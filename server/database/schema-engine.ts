import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import type pg from "pg";

type Bindings = typeof import("@prisma/schema-engine-wasm/schema_engine_bg");
let bindings: Promise<Bindings> | undefined;

/**
 * Prisma's schema engine as WebAssembly, on the schema in `folder`: the native one would be a download at installation.
 * To be freed after use.
 */
export async function startSchemaEngine(pool: pg.Pool, folder: string): Promise<SchemaEngine> {
  // Once per process: the bindings are a module, and a second instance would mix with the memory of the first.
  bindings ??= loadBindings();
  const { SchemaEngine } = await bindings;
  const schema = join(folder, "schema.prisma");
  return SchemaEngine.new(
    { datamodels: [[schema, await readFile(schema, "utf8")]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(withWholeScripts(new PrismaPg(pool))),
  );
}

/**
 * The adapter would cut a script at every semicolon, those inside functions and strings included. As one query it is
 * also one transaction, as with the native engine: a migration that fails leaves nothing of itself.
 */
function withWholeScripts(factory: PrismaPg): PrismaPg {
  const connect = factory.connect.bind(factory);
  return Object.assign(factory, {
    connect: async () => {
      const adapter = await connect();
      return Object.assign(adapter, {
        executeScript: async (sql: string) => void (await adapter.executeRaw({ sql, args: [], argTypes: [] })),
      });
    },
  });
}

async function loadBindings(): Promise<Bindings> {
  const loaded = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const file = createRequire(import.meta.url)
    .resolve("@prisma/schema-engine-wasm")
    .replace(/schema_engine\.js$/, "schema_engine_bg.wasm");
  const { instance } = await WebAssembly.instantiate(await readFile(file), {
    "./schema_engine_bg.js": withoutLingeringTimers(loaded),
  });
  const { __wbg_set_wasm } = loaded as unknown as { __wbg_set_wasm(wasm: WebAssembly.Exports): void };
  __wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return loaded;
}

/** The engine never clears the timer of its ten-second lock timeout, which would keep a finished process alive. */
function withoutLingeringTimers(imports: Bindings): WebAssembly.ModuleImports {
  return Object.fromEntries(
    Object.entries(imports as unknown as Record<string, (...values: unknown[]) => unknown>).map(([name, call]) =>
      name.startsWith("__wbg_setTimeout_")
        ? [name, (...values: unknown[]) => (call(...values) as NodeJS.Timeout).unref()]
        : [name, call],
    ),
  );
}
