import { defineConfig } from "prisma/config";

// `prisma generate` insists on finding the native schema engine although it never runs it. Pointing it at Node's own
// binary keeps the command free of any download; migrations are applied by server/database/migrate.ts.
if (process.argv.includes("generate")) process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
});
