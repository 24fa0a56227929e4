import { readNothing } from "../server/cli/usage";
import { ensurePrismaClient } from "./prisma-client";

/** `npm run generate`: the database client, where it is missing or older than its schema. */
readNothing("Usage: npm run generate");
process.exit(await ensurePrismaClient());
