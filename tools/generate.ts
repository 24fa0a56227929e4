import { ensurePrismaClient } from "./prisma-client";

process.exit(await ensurePrismaClient());
