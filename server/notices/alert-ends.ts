import type { AlertFacts } from "../alerts/kinds";
import { endAlert } from "../alerts/raise";
import { dealRemovedCode } from "../bitrix24/ownership-errors";
import { hasUnread } from "../deal-sync/unread-records";
import { dayMs } from "../platform/time-zone";
import { attemptsToTell } from "../privacy/portal-erasure";
import type { Services } from "../services";
import { findFlood } from "../sign-ups/watch";

type Deps = Pick<Services, "db" | "env">;

/**
 * Whether a cause that was told is still there, by what the database says about it: an end is noticed also if the process
 * in which it happened died at that moment. `wait` and `unpriced` say themselves when they are over.
 */
const lasts: { [Kind in keyof AlertFacts]: (deps: Deps, facts: AlertFacts[Kind]) => Promise<boolean> } = {
  async queue({ db }) {
    const row = await db.crmPortal.findUniqueOrThrow({ where: { id: 1 }, select: { alertedCode: true } });
    return row.alertedCode !== null;
  },
  form: async ({ db }, { code, field }) =>
    (await db.formHold.findFirst({ where: { code, field }, select: { key: true } })) !== null,
  wait: async () => true,
  unpriced: async () => true,
  responsible: async ({ db }, { id }) => (await db.refusedResponsible.count({ where: { id } })) > 0,
  async signUps(deps) {
    return (await findFlood(deps)) !== null;
  },
  async moved({ db }) {
    const row = await db.installation.findUnique({ where: { id: 1 }, select: { questionAt: true } });
    return row?.questionAt != null;
  },
  async failed({ db }, { code, field }) {
    // Where the portal removed the deals, the registration waits as a conflict for a decision.
    const crmState = code === dealRemovedCode ? "SYNCED" : "FAILED";
    const where = { crmState, crmError: code, crmErrorField: field ?? null } as const;
    return (await db.user.findFirst({ where, select: { id: true } })) !== null;
  },
  async erasure({ db }) {
    return (
      (await db.erasure.findFirst({
        where: { state: "pending", attempts: { gte: attemptsToTell } },
        select: { userId: true },
      })) !== null
    );
  },
  unread: ({ db }) => hasUnread(db),
  // Nothing else tells that the owner may read them by now.
  hidden: async (_deps, { seenAt }) => seenAt > Date.now() - 7 * dayMs,
};

/** Ends the causes that are over. */
export async function endAlerts(deps: Deps): Promise<void> {
  const rows = await deps.db.alert.findMany({ where: { overAt: null } });
  for (const { cause, kind, facts } of rows) {
    const of = lasts[kind as keyof AlertFacts] as ((deps: Deps, facts: unknown) => Promise<boolean>) | undefined;
    // A kind of a later release is left to its processes.
    if (of && !(await of(deps, facts))) await endAlert(deps.db, cause);
  }
}
