import { setTimeout as sleep } from "node:timers/promises";
import type { Services } from "../services";
import { dropForgottenDrafts } from "./import-drafts";
import { bytesSource, openAs, type StoredReading } from "./import-file";
import { importPeople } from "./import-people";
import { readRows } from "./rows";

const pollMs = 1_000;
/** Longer than a chunk takes. If a slow worker is declared dead, two workers process the same chunk; that is safe. */
const silenceSeconds = 10;

type Deps = Pick<Services, "db" | "queue" | "log">;

/**
 * Carries out confirmed imports, in every web process: each import is taken by one process, and by another if that one
 * dies. Resolves once the signal has aborted and the current chunk is done.
 */
export async function watchImports(services: Deps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let pauseMs = pollMs;
    try {
      await dropForgottenDrafts(services);
      const run = await claimRun(services);
      if (run) await carryOut(services, run, signal);
    } catch (error) {
      services.log.error({ err: error }, "import failed, retrying");
      pauseMs = silenceSeconds * 1_000;
    }
    // Rejects on abort.
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
}

interface Claimed {
  id: number;
  content: Uint8Array;
  revision: number;
  reading: StoredReading | null;
}

async function claimRun({ db }: Deps): Promise<Claimed | undefined> {
  const [run] = await db.$queryRaw<Claimed[]>`
    update "ImportRun" set "heartbeatAt" = now() where "id" = (
      select "id" from "ImportRun"
      where "finishedAt" is null and "startedAt" is not null and "content" is not null
        and ("heartbeatAt" is null or "heartbeatAt" < now() - ${silenceSeconds} * interval '1 second')
      order by "id" limit 1 for update skip locked)
    returning "id", "content", "revision", "reading"`;
  return run;
}

async function carryOut(services: Deps, claimed: Claimed, signal: AbortSignal): Promise<void> {
  const { db, log } = services;
  const { id, content, revision, reading } = claimed;
  const file = await openAs(bytesSource(content), reading);
  if (await importPeople(services, { runId: id, revision, rows: readRows(file), signal })) {
    log.info({ importRun: id, rows: file.rows }, "import finished");
    return;
  }
  // Another process, or this one after its restart, can take over without waiting for the heartbeat to expire.
  await db.importRun.updateMany({ where: { id, finishedAt: null }, data: { heartbeatAt: null } });
  log.info({ importRun: id }, "interrupted import continues from its next row");
}
