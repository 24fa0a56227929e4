import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import type { Services } from "../services";
import { createTestQueue } from "./queue";

export interface TestServices extends Pick<Services, "db" | "pool" | "queue" | "env" | "mail" | "log"> {
  /** Mails that would have gone out. */
  mails: { to: string; subject: string; text: string }[];
  drop(): Promise<void>;
}

/** The services that need no portal, over a database of their own. */
export async function createTestServices(environment: Record<string, string> = {}): Promise<TestServices> {
  const { db, pool, queue, drop } = await createTestQueue();
  const mails: TestServices["mails"] = [];
  return {
    db,
    pool,
    queue,
    env: parseEnv(environment),
    mail: { send: async (mail) => mails.push(mail) > 0 },
    log: createLog("silent"),
    mails,
    drop,
  };
}
