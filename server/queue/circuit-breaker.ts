import { endAlert, raiseAlert } from "../alerts/raise";
import type { Tx } from "../database/db";
import type { Services } from "../services";

/** The cause that stops all registrations, as far as it is known. */
export interface Cause {
  code: string;
  /** The step of a registration that is refused; undefined: all steps. */
  step?: string | undefined;
  /** The portal's field that the refusal is about, as administrators see it there. */
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
  /** The code of the last alert, until registrations succeed again. */
  alertedCode: string | null;
  alertedStep: string | null;
  workerSeenAt: Date | null;
}

type Deps = Pick<Services, "db" | "log" | "env">;

/** An alert with the same code is repeated only after this time. */
const alertAgainMs = 24 * 3_600_000;

export async function readPortalState({ db }: { db: Tx }): Promise<PortalState> {
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

/** A correction on the portal should be noticed within a minute, also after many failed probes. */
const maxProbeDelayMs = 40_000;

/**
 * How long an open breaker waits before its next probe. The wait grows after each probe that was a write, since each of
 * these sends the portal a registration that it refuses.
 */
const probeDelayMs = ({ env }: Pick<Services, "env">, refusedWrites = 0) =>
  Math.min(
    maxProbeDelayMs,
    Math.min(env.BITRIX24_RETRY_MAX_MS, env.BITRIX24_RETRY_BASE_MS * 6) * 2 ** Math.min(refusedWrites, 20),
  );

/** When what a form's settings hold up may be tried again: as often as an open breaker. */
export const nextProbeAt = (deps: Pick<Services, "env">): Date => new Date(Date.now() + probeDelayMs(deps));

/**
 * Whether an open breaker may be probed. A time that is further ahead than any delay was set by a clock that has been
 * changed since.
 */
export function isProbeDue(probeAt: Date | null): boolean {
  const ms = (probeAt?.getTime() ?? 0) - Date.now();
  return ms <= 0 || ms > maxProbeDelayMs;
}

export const running = {
  pausedBy: null,
  pauseCode: null,
  pauseStep: null,
  pauseField: null,
  pausedAt: null,
  probeAt: null,
};

/**
 * Opens the breaker: nothing is sent until a probe succeeds or an administrator resumes the queue. No attempts are
 * counted. A pause by an administrator stays the administrator's. The alert is sent once per cause and day by all
 * processes together. `refusedWrites`: probes in a row that were refused.
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
  const isNew = await deps.db.$transaction(async (tx) => {
    const first = await tx.$executeRaw`
    update "CrmPortal" set "alertedCode" = ${code}, "alertedStep" = ${step}, "alertedField" = ${field}, "alertedAt" = ${now}
    where id = 1 and (("alertedCode", "alertedStep", "alertedField") is distinct from (${code}, ${step}, ${field})
                      or "alertedAt" < ${new Date(now.getTime() - alertAgainMs)})`;
    if (first > 0) await raiseAlert({ db: tx, env: deps.env }, { kind: "queue", facts: { code, step, field } });
    return first > 0;
  });
  if (isNew) deps.log.error({ code, step, field }, "the queue to Bitrix24 is paused: registrations wait");
}

export const unfitPrefix = "UNFIT_";

/** The code of what a look at the portal has found. */
export const unfitCode = (what: string): string => `${unfitPrefix}${what.toUpperCase()}`;
export const isUnfitCode = (code: string | null): boolean => code?.startsWith(unfitPrefix) ?? false;

/**
 * Whether the queue was paused by a look at the portal, before a registration failed. Only another look ends such a pause:
 * a registration as a probe would be the first loss.
 */
export const isUnfit = ({ pausedBy, pauseCode }: { pausedBy: string | null; pauseCode: string | null }): boolean =>
  pausedBy === "breaker" && isUnfitCode(pauseCode);

/** Pauses a running queue, or renews such a pause: what registrations send no longer fits the portal. */
export async function pauseUnfit(deps: Deps, { what, field }: { what: string; field?: string }): Promise<void> {
  const state = await readPortalState(deps);
  if (state.pausedBy !== null && !isUnfit(state)) return;
  await openBreaker(deps, { code: unfitCode(what), field });
}

/** Ends a pause of pauseUnfit. */
export async function resumeFit(deps: Pick<Services, "db" | "log">): Promise<void> {
  const { count } = await deps.db.crmPortal.updateMany({
    where: { id: 1, pausedBy: "breaker", pauseCode: { startsWith: unfitPrefix } },
    data: running,
  });
  if (count === 0) return;
  await endIncident(deps);
  deps.log.info("what registrations send fits the portal again: the queue runs");
}

/** Closes the breaker after a successful probe; a pause by an administrator is kept. */
export async function closeBreaker({ db, log }: Pick<Services, "db" | "log">): Promise<void> {
  const { count } = await db.crmPortal.updateMany({
    where: { id: 1, pausedBy: "breaker" },
    data: running,
  });
  if (count > 0) log.info("the queue to Bitrix24 runs again");
}

/**
 * Postpones the next probe of an open breaker: the last probe met an outage, which proves nothing about the cause of
 * the pause.
 */
export async function postponeProbe(deps: Pick<Services, "db" | "env">): Promise<void> {
  await deps.db.crmPortal.updateMany({
    where: { id: 1, pausedBy: "breaker" },
    data: { probeAt: new Date(Date.now() + probeDelayMs(deps)) },
  });
}

/**
 * Registrations succeed again: the next incident is a new one and gets an alert. A probe that only reads is not enough,
 * since some portals answer reads and refuse every write.
 */
export async function endIncident({ db }: Pick<Services, "db">): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.crmPortal.update({
      where: { id: 1 },
      data: { alertedCode: null, alertedStep: null, alertedField: null, alertedAt: null },
    });
    await endAlert(tx, "queue");
  });
}
