import { createLog } from "../platform/log";
import { createQueue, type Queue } from "../queue/queue";
import { createTestDatabase, type TestDatabase } from "./database";

export interface TestQueue extends TestDatabase {
  queue: Queue;
}

/** A migrated, empty database with the queue in it. The queue has no maintenance of its own. */
export async function createTestQueue(): Promise<TestQueue> {
  const database = await createTestDatabase();
  const queue = await createQueue({ pool: database.pool, log: createLog("silent"), supervise: false });
  return {
    ...database,
    queue,
    drop: async () => {
      await queue.stop();
      await database.drop();
    },
  };
}
