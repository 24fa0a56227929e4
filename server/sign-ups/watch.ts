import { raiseAlert } from "../alerts/raise";
import { elapsedMs } from "../platform/elapsed";
import type { Services } from "../services";

type WatchServices = Pick<Services, "db" | "env" | "log">;

export interface SignUpState {
  /** An administrator has switched on review of every new registration. */
  held: boolean;
  /** Far more registrations come in than usual. */
  unusual: boolean;
}

export interface SignUpWatch {
  state(): Promise<SignUpState>;
  /** Clears the cached state, after an administrator has used the switch. */
  refresh(): void;
}

const windowMinutes = 10;
/** More than one address can send within its limit, so that an ordinary busy hour stays below it. */
const perLimit = 12;
const timesUsual = 5;
const knownForMs = 5_000;
const alertEveryMs = 6 * 60 * 60 * 1_000;

/** Whether the number of recent registrations is far above the usual one. */
export const isUnusual = (recent: number, usual: number, perMinute: number): boolean =>
  perMinute > 0 && recent > perMinute * perLimit && recent > usual * timesUsual;

/**
 * Watches for unusually many registrations, one watch per process. It is asked with every form, so an answer is cached
 * for some seconds. Alerts when numbers become unusual, once in six hours for all processes together.
 */
export function createSignUpWatch(services: WatchServices): SignUpWatch {
  let known: { state: Promise<SignUpState>; until: number } | undefined;
  return {
    state() {
      if (!known || known.until < elapsedMs()) {
        known = { state: readState(services), until: elapsedMs() + knownForMs };
        // A failed query is not cached.
        known.state.catch(() => {
          known = undefined;
        });
      }
      return known.state;
    },
    refresh: () => {
      known = undefined;
    },
  };
}

async function readState(services: WatchServices): Promise<SignUpState> {
  const row = await services.db.signUps.findUnique({ where: { id: 1 }, select: { heldSince: true } });
  const held = row?.heldSince != null;
  const flood = await findFlood(services);
  if (flood) await alertOnce(services, flood);
  return { held, unusual: flood !== null };
}

interface Flood {
  /** The registrations of the last minutes. */
  recent: number;
  /** The average for as many minutes over a week. */
  usual: number;
}

/** Far more registrations than usual, as the database has them now; null if there are not. */
export async function findFlood({ db, env }: Pick<Services, "db" | "env">): Promise<Flood | null> {
  if (env.RATE_LIMIT_REGISTER === 0) return null;
  const counts = await countRegistrations({ db });
  return isUnusual(counts.recent, counts.usual, env.RATE_LIMIT_REGISTER) ? counts : null;
}

/** Imported people have no password and are not counted. */
async function countRegistrations({ db }: Pick<Services, "db">): Promise<Flood> {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const week = 7 * 24 * 60;
  const own = { role: "USER", passwordHash: { not: null } } as const;
  const [recent, before] = await Promise.all([
    db.user.count({ where: { ...own, createdAt: { gt: ago(windowMinutes) } } }),
    db.user.count({ where: { ...own, createdAt: { gt: ago(week), lte: ago(60) } } }),
  ]);
  return { recent, usual: (before * windowMinutes) / (week - 60) };
}

async function alertOnce({ db, env, log }: WatchServices, { recent, usual }: Flood): Promise<void> {
  const isNew = await db.$transaction(async (tx) => {
    const { count } = await tx.signUps.updateMany({
      where: { id: 1, OR: [{ alertedAt: null }, { alertedAt: { lt: new Date(Date.now() - alertEveryMs) } }] },
      data: { alertedAt: new Date() },
    });
    if (count > 0) await raiseAlert({ db: tx, env }, { kind: "signUps", facts: { recent, usual: Math.round(usual) } });
    return count > 0;
  });
  if (isNew)
    log.warn({ recent, usual: Math.round(usual), minutes: windowMinutes }, "far more registrations than usual");
}
