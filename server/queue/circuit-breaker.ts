import type { Bitrix24Error } from "../bitrix24/transport/error";
import type { Services } from "../services";

/** Whether the queue runs, and why not: one row that every process reads and the page shows. */
export interface PortalState {
  pausedBy: "admin" | "breaker" | null;
  pauseCode: string | null;
  pausedAt: Date | null;
  probeAt: Date | null;
  /** What the last alert was about, until registrations get through again. */
  alertedCode: string | null;
  workerSeenAt: Date | null;
}

type Deps = Pick<Services, "db" | "log" | "mail" | "env">;

/** An alert about the same code is repeated after this time only. */
const alertAgainMs = 24 * 3_600_000;

export async function readPortalState({ db }: Pick<Services, "db">): Promise<PortalState> {
  const row = await db.crmPortal.findUniqueOrThrow({
    where: { id: 1 },
    select: {
      pausedBy: true,
      pauseCode: true,
      pausedAt: true,
      probeAt: true,
      alertedCode: true,
      workerSeenAt: true,
    },
  });
  return { ...row, pausedBy: row.pausedBy as PortalState["pausedBy"] };
}

/** How long an open breaker waits before it probes. */
const probeDelayMs = ({ env }: Pick<Services, "env">) =>
  Math.min(env.BITRIX24_RETRY_MAX_MS, env.BITRIX24_RETRY_BASE_MS * 12);

/**
 * Opens the breaker: nothing is sent until a probe succeeds or an administrator resumes. Attempts are not burned.
 * A pause by an administrator stays his. The alert goes out once per code and day, whichever process comes first.
 */
export async function openBreaker(deps: Deps, error: Pick<Bitrix24Error, "code">): Promise<void> {
  const now = new Date();
  await deps.db.crmPortal.updateMany({
    where: { id: 1, pausedBy: null },
    data: { pausedBy: "breaker", pauseCode: error.code, pausedAt: now },
  });
  await deps.db.crmPortal.updateMany({
    where: { id: 1, pausedBy: "breaker" },
    data: { pauseCode: error.code, probeAt: new Date(now.getTime() + probeDelayMs(deps)) },
  });
  const first = await deps.db.crmPortal.updateMany({
    where: {
      id: 1,
      OR: [
        { alertedCode: null },
        { alertedCode: { not: error.code } },
        { alertedAt: { lt: new Date(now.getTime() - alertAgainMs) } },
      ],
    },
    data: { alertedCode: error.code, alertedAt: now },
  });
  if (first.count > 0) alert(deps, error.code);
}

function alert({ log, mail, env }: Deps, code: string): void {
  log.error({ code }, "the queue to Bitrix24 is paused: registrations wait");
  if (!env.ALERT_EMAIL) return;
  // Not waited for: a mail server that hangs must not hold up the queue.
  void mail.send({
    to: env.ALERT_EMAIL,
    subject: `Bitrix24: the queue is paused (${code})`,
    text: `Registrations are kept and wait. What to do: ${env.APP_URL}/admin/crm\n`,
  });
}

/** Closes the breaker after a good probe; a pause by an administrator is not touched. */
export async function closeBreaker({ db, log }: Pick<Services, "db" | "log">): Promise<void> {
  const { count } = await db.crmPortal.updateMany({
    where: { id: 1, pausedBy: "breaker" },
    data: { pausedBy: null, pauseCode: null, pausedAt: null, probeAt: null },
  });
  if (count > 0) log.info("the queue to Bitrix24 runs again");
}

/** Puts an open breaker's next probe off: this one met an outage, which proves nothing about the reason to pause. */
export async function postponeProbe(deps: Pick<Services, "db" | "env">): Promise<void> {
  await deps.db.crmPortal.updateMany({
    where: { id: 1, pausedBy: "breaker" },
    data: { probeAt: new Date(Date.now() + probeDelayMs(deps)) },
  });
}

/**
 * Registrations got through: the next incident is a new one and is told. A good probe is not enough for that, since
 * some portals answer probes and refuse every write.
 */
export async function endIncident({ db }: Pick<Services, "db">): Promise<void> {
  await db.crmPortal.update({ where: { id: 1 }, data: { alertedCode: null, alertedAt: null } });
}
