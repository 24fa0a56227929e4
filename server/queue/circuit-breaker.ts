import type { Services } from "../services";
import { reasonOf } from "./reasons";

/** What keeps everybody from getting through, as far as it is known. */
export interface Cause {
  code: string;
  /** The step of a registration that is turned down; none: everything. */
  step?: string | undefined;
  /** The portal's field that it is about, as administrators read it there. */
  field?: string | undefined;
}

/** Whether the queue runs, and why not: one row that every process reads and the page shows. */
export interface PortalState {
  pausedBy: "admin" | "breaker" | null;
  pauseCode: string | null;
  pauseStep: string | null;
  pauseField: string | null;
  pausedAt: Date | null;
  probeAt: Date | null;
  /** What the last alert was about, until registrations get through again. */
  alertedCode: string | null;
  alertedStep: string | null;
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
      pauseStep: true,
      pauseField: true,
      pausedAt: true,
      probeAt: true,
      alertedCode: true,
      alertedStep: true,
      workerSeenAt: true,
    },
  });
  return { ...row, pausedBy: row.pausedBy as PortalState["pausedBy"] };
}

/** What was mended on the portal is to be noticed within a minute, also by the last of a long queue. */
const maxProbeDelayMs = 40_000;

/**
 * How long an open breaker waits before it probes. Longer after each try that was a write: every one of them bothers the
 * portal with a registration that it turns down.
 */
const probeDelayMs = ({ env }: Pick<Services, "env">, refusedWrites = 0) =>
  Math.min(
    maxProbeDelayMs,
    Math.min(env.BITRIX24_RETRY_MAX_MS, env.BITRIX24_RETRY_BASE_MS * 6) * 2 ** Math.min(refusedWrites, 20),
  );

/** No pause. */
export const running = {
  pausedBy: null,
  pauseCode: null,
  pauseStep: null,
  pauseField: null,
  pausedAt: null,
  probeAt: null,
};

/**
 * Opens the breaker: nothing is sent until a probe succeeds or an administrator resumes. Attempts are not burned.
 * A pause by an administrator stays his. The alert goes out once per cause and day, whichever process comes first.
 * `refusedWrites`: probes in a row that were turned down.
 */
export async function openBreaker(deps: Deps, cause: Cause, refusedWrites = 0): Promise<void> {
  const now = new Date();
  const { code, step = null, field = null } = cause;
  const reason = { pauseCode: code, pauseStep: step, pauseField: field };
  await deps.db.crmPortal.updateMany({
    where: { id: 1, pausedBy: null },
    data: { pausedBy: "breaker", pausedAt: now, ...reason },
  });
  await deps.db.crmPortal.updateMany({
    where: { id: 1, pausedBy: "breaker" },
    data: { ...reason, probeAt: new Date(now.getTime() + probeDelayMs(deps, refusedWrites)) },
  });
  const first = await deps.db.$executeRaw`
    update "CrmPortal" set "alertedCode" = ${code}, "alertedStep" = ${step}, "alertedField" = ${field}, "alertedAt" = ${now}
    where id = 1 and (("alertedCode", "alertedStep", "alertedField") is distinct from (${code}, ${step}, ${field})
                      or "alertedAt" < ${new Date(now.getTime() - alertAgainMs)})`;
  if (first > 0) alert(deps, cause);
}

function alert({ log, mail, env }: Deps, cause: Cause): void {
  const { code, step, field } = cause;
  log.error({ code, step, field }, "the queue to Bitrix24 is paused: registrations wait");
  if (!env.ALERT_EMAIL) return;
  const words = (["ru", "en"] as const).map((locale) => {
    const { what, todo } = reasonOf(locale, { code, field, reach: "everybody" });
    return `${what}\n${todo}\n${kept[locale]} ${env.APP_URL}/admin/crm\n`;
  });
  // Not waited for: a mail server that hangs must not hold up the queue.
  void mail.send({
    to: env.ALERT_EMAIL,
    subject: `Bitrix24: the queue is paused (${[code, field].filter(Boolean).join(", ")})`,
    text: words.join("\n"),
  });
}

const kept = {
  ru: "Регистрации сохранены и ждут. Состояние очереди:",
  en: "Registrations are kept and wait. The state of the queue:",
};

/** Closes the breaker after a good probe; a pause by an administrator is not touched. */
export async function closeBreaker({ db, log }: Pick<Services, "db" | "log">): Promise<void> {
  const { count } = await db.crmPortal.updateMany({
    where: { id: 1, pausedBy: "breaker" },
    data: running,
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
  await db.crmPortal.update({
    where: { id: 1 },
    data: { alertedCode: null, alertedStep: null, alertedField: null, alertedAt: null },
  });
}
