import { raiseAlert } from "../alerts/raise";
import { heldMs } from "../queue/back-off";
import { nextProbeAt } from "../queue/circuit-breaker";
import type { Services } from "../services";
import type { ReadyJob, Selected } from "./select-ready";
import { type CommonCause, type Shown, settingsGroups } from "./settings-groups";

type Deps = Pick<Services, "db" | "env" | "log" | "forms">;

/**
 * Where several forms have settings of their own, the portal may refuse one form's registrations and take the others',
 * such as after the form's product was deleted. Then only the people of these settings wait, without attempts being
 * counted; now and then one of them is tried.
 */

/** Of each group that is held up one person at most is left, and only if it is time to try. */
export async function holdBack(services: Pick<Deps, "db" | "env">, selected: Selected): Promise<Selected> {
  const { go, settled, groups } = selected;
  const several = go.filter(({ group }) => group.forms !== null);
  if (several.length === 0) return selected;
  const { db, env } = services;
  const rows = await db.formHold.findMany();
  if (rows.length === 0) return selected;
  const keys = groups.all.map(({ key }) => key);
  // The settings were changed since: what was refused is not sent any more.
  if (rows.some(({ key }) => !keys.includes(key))) await db.formHold.deleteMany({ where: { key: { notIn: keys } } });
  const holds = new Map(rows.map((row) => [row.key, row]));
  const tried = new Set<string>();
  const isHeld = ({ group }: ReadyJob): boolean => {
    const hold = holds.get(group.key);
    if (!hold) return false;
    if (hold.probeAt > new Date() || tried.has(group.key)) return true;
    tried.add(group.key);
    return false;
  };
  const held = go.filter(isHeld);
  const retryAt = new Date(Date.now() + heldMs(env));
  for (const [key, { code, field }] of holds)
    await db.user.updateMany({
      where: { id: { in: held.filter(({ group }) => group.key === key).map(({ person }) => person.userId) } },
      data: { crmError: code, crmErrorField: field, crmNextAttemptAt: retryAt },
    });
  const away = new Set(held);
  return {
    groups,
    go: go.filter((each) => !away.has(each)),
    // Behind everybody, so that a probe of the whole queue finds one of them that may go.
    settled: [...settled, ...held.map(({ job }) => ({ ...job, priority: Math.min(job.priority, -1), retryAt }))],
  };
}

/** Holds a group up, or notes that it was tried in vain. The alert goes out once, also if several groups share the cause. */
export async function holdUp(services: Deps, { error, group }: CommonCause): Promise<void> {
  const { db, log } = services;
  const cause = { code: error.code, step: error.step ?? null, field: error.field ?? null };
  const probeAt = nextProbeAt(services);
  const [known, alike] = await Promise.all([
    db.formHold.findUnique({ where: { key: group.key }, select: { code: true, field: true } }),
    db.formHold.findFirst({ where: { code: cause.code, field: cause.field }, select: { key: true } }),
  ]);
  await db.$transaction(async (tx) => {
    await tx.formHold.upsert({
      where: { key: group.key },
      create: { key: group.key, formId: group.formId, probeAt, ...cause },
      update: { probeAt, ...cause },
    });
    if (known || alike) return;
    const form = services.forms.byId(group.formId);
    const facts = {
      code: cause.code,
      field: cause.field,
      formId: group.formId,
      name: form?.name || form?.slug || null,
    };
    await raiseAlert({ db: tx, env: services.env }, { kind: "form", facts });
  });
  if (known) return;
  log.error({ formId: group.formId, ...cause }, "the registrations of a form wait: the portal refuses its settings");
}

/** A registration of the group got past what had held the group up: the others follow at once. */
export async function letGo(
  { db, queue, log }: Pick<Services, "db" | "queue" | "log">,
  { groups, through, passed }: Pick<Shown, "groups" | "through" | "passed">,
): Promise<void> {
  for (const { key, forms, formId } of groups) {
    if (forms === null || (!through.has(key) && (passed.get(key)?.size ?? 0) === 0)) continue;
    const steps = [...(passed.get(key) ?? [])];
    const { count } = await db.formHold.deleteMany({
      where: { key, ...(through.has(key) ? {} : { step: { in: steps } }) },
    });
    if (count === 0) continue;
    log.info({ formId }, "the registrations of a form go on");
    const waiting = await db.$queryRaw<{ id: number }[]>`
      select id from "User" where "crmState" = 'PENDING' and "crmNextAttemptAt" > now()
        and coalesce("formId", 1) = any(${forms}::int[]) order by id`;
    await db.$transaction((tx) =>
      queue.enqueueMany(
        tx,
        "crm-registration",
        waiting.map(({ id }) => id),
      ),
    );
  }
}

/** The forms whose registrations wait now. */
export async function heldForms(services: Pick<Services, "db" | "env" | "forms">): Promise<Set<number>> {
  const rows = await services.db.formHold.findMany({ select: { key: true } });
  const keys = new Set(rows.map(({ key }) => key));
  const { of, all } = settingsGroups(services);
  if (all.length < 2) return new Set();
  return new Set(services.forms.all().flatMap(({ id }) => (keys.has(of(id)?.key ?? "") ? [id] : [])));
}
