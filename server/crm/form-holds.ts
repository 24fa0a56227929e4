import { raiseAlert, withdrawAlert } from "../alerts/raise";
import { addMethod } from "../bitrix24/progress";
import { lockedInOrder } from "../database/locked-in-order";
import { inLongTransaction } from "../database/time-limits";
import { formName } from "../forms/form-name";
import { firstFormId } from "../forms/forms";
import { heldMs } from "../queue/back-off";
import { isProbeDue, isUnfitCode, nextProbeAt, unfitCode, unfitPrefix } from "../queue/circuit-breaker";
import { priorities } from "../queue/queue";
import type { Services } from "../services";
import type { ReadyJob, Selected } from "./select-ready";
import { type CommonCause, type SettingsGroup, type Shown, settingsGroups } from "./settings-groups";

type Deps = Pick<Services, "db" | "env" | "log" | "forms">;

/**
 * Where several forms have settings of their own, the portal may refuse one form's registrations and take the others',
 * such as after the form's product was deleted. Then only the people of these settings wait, without attempts being
 * counted; now and then one of them is tried.
 */

/**
 * The portal loses nobody whom it refuses for a mandatory field, and only a registration shows whether it demands the field
 * of programs: one is tried now and then. Where one gets through, the next look finds the field proven and ends the hold.
 */
const unfitDemands = unfitCode("demands");

/** Without the people of held groups. Of each such group one person at most is left, and only if it is time to try. */
export async function withoutHeldGroups(
  services: Pick<Services, "db" | "pool" | "env">,
  selected: Selected,
): Promise<Selected> {
  const { go, finished, groups } = selected;
  if (go.length === 0) return selected;
  const { db, pool, env } = services;
  const rows = await db.formHold.findMany();
  if (rows.length === 0) return selected;
  // Where all forms have the same settings no form is held up by itself.
  const keys = groups.all.flatMap(({ key, forms }) => (forms === null ? [] : [key]));
  // The settings were changed since: what was refused is not sent any more.
  if (rows.some(({ key }) => !keys.includes(key))) await db.formHold.deleteMany({ where: { key: { notIn: keys } } });
  const holds = new Map(rows.filter(({ key }) => keys.includes(key)).map((row) => [row.key, row]));
  const tried = new Set<string>();
  const isHeld = ({ group }: ReadyJob): boolean => {
    const hold = holds.get(group.key);
    if (!hold) return false;
    // Only another look at the portal ends it: a registration as a probe would be the first loss.
    if (isUnfitCode(hold.code) && hold.code !== unfitDemands) return true;
    if (!isProbeDue(hold.probeAt) || tried.has(group.key)) return true;
    tried.add(group.key);
    return false;
  };
  const held = go.filter(isHeld);
  const retryAt = new Date(Date.now() + heldMs(env));
  for (const [key, { code, field }] of holds)
    await pool.query(
      `with locked as materialized (${lockedInOrder})
       update "User" u set "crmError" = $2, "crmErrorField" = $3, "crmNextAttemptAt" = $4 from locked where u.id = locked.id`,
      [held.filter(({ group }) => group.key === key).map(({ person }) => person.userId), code, field, retryAt],
    );
  const away = new Set(held);
  return {
    groups,
    go: go.filter((each) => !away.has(each)),
    // Behind everybody, so that a probe of the whole queue finds one of them that may go.
    finished: [
      ...finished,
      ...held.map(({ job }) => ({ ...job, priority: Math.min(job.priority, priorities.behind), retryAt })),
    ],
  };
}

/** Holds a group up, or notes that it was tried in vain. The alert goes out once, also if several groups share the cause. */
export async function holdRefused(services: Deps, { error, group }: CommonCause): Promise<void> {
  const cause = { code: error.code, step: error.step ?? null, field: error.field ?? null };
  if (await hold(services, group, cause))
    services.log.error(
      { formId: group.formId, ...cause },
      "the registrations of a form wait: the portal refuses its settings",
    );
}

/** Holds a group up before a registration fails: a look at the portal has found that its settings no longer fit. */
export async function holdUnfit(
  services: Deps,
  group: SettingsGroup,
  { what, field = null }: { what: string; field?: string | null },
): Promise<void> {
  const known = await services.db.formHold.findUnique({
    where: { key: group.key },
    select: { code: true, field: true },
  });
  // The portal has refused a registration already: it is tried again, and tells when it is over.
  if (known && !isUnfitCode(known.code)) return;
  const cause = { code: unfitCode(what), step: null, field };
  // Looks are more frequent than trials: each would put the next trial off.
  if (known?.code === cause.code && known.field === cause.field) return;
  if (await hold(services, group, cause))
    services.log.error(
      { formId: group.formId, ...cause },
      "the registrations of a form wait: its settings no longer fit",
    );
}

/**
 * Whether a look at the portal has found settings of a form that do not fit, and another one may end that. Of a form that
 * waits for a mandatory field alone only a registration of its people tells more, see hasNews.
 */
export async function waitsForLook(services: Pick<Services, "db" | "env" | "forms">, since: Date): Promise<boolean> {
  const rows = await services.db.formHold.findMany({
    where: { code: { startsWith: unfitPrefix } },
    select: { key: true, code: true },
  });
  if (rows.some(({ code }) => code !== unfitDemands)) return true;
  if (rows.length === 0) return false;
  const keys = rows.map(({ key }) => key);
  const ids = settingsGroups(services).all.flatMap(({ key, forms }) => (keys.includes(key) ? (forms ?? []) : []));
  return hasNews(services, ids, since);
}

/** Whether a person of these forms waits, or has got a contact or a deal or was refused since then. */
async function hasNews({ db }: Pick<Services, "db">, forms: number[], since: Date): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    with own as not materialized (
      select id, "crmState" from "User" where coalesce("formId", ${firstFormId}::int) = any(${forms}::int[])
    )
    select 1 where exists (select 1 from own where "crmState" = 'PENDING')
      or exists (select 1 from "CrmRefusal" r join own on own.id = r."userId" where r.at > ${since})
      or exists (
        select 1 from "CrmLog" l join own on own.id = l."userId"
        where l.at > ${since} and l.method = ${addMethod} and l.outcome = 'OK')`;
  return rows.length > 0;
}

/** The group's settings fit again. */
export async function releaseUnfit(
  services: Pick<Services, "db" | "queue" | "log">,
  { key, formId, forms }: SettingsGroup,
): Promise<void> {
  const { count } = await services.db.formHold.deleteMany({ where: { key, code: { startsWith: unfitPrefix } } });
  if (count > 0 && forms !== null) await enqueueWaiting(services, formId, forms);
}

/** True if the group was not held up before. */
async function hold(
  services: Deps,
  group: SettingsGroup,
  cause: { code: string; step: string | null; field: string | null },
): Promise<boolean> {
  const { db } = services;
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
    const form = services.forms.byId(group.formId);
    const facts = { formId: group.formId, name: (form && formName(form)) || null };
    const goesOn = known === null || (await tx.formHold.count({ where: known })) > 0;
    if (!goesOn) await withdrawAlert(tx, { kind: "form", facts: { ...facts, ...known } });
    if (!alike)
      await raiseAlert(
        { db: tx, env: services.env },
        { kind: "form", facts: { ...facts, code: cause.code, field: cause.field } },
      );
  });
  return known === null;
}

/** A registration of the group got past what had held the group up: the others follow at once. */
export async function releasePassed(
  services: Pick<Services, "db" | "queue" | "log">,
  { groups, through, passed }: Pick<Shown, "groups" | "through" | "passed">,
): Promise<void> {
  for (const { key, forms, formId } of groups) {
    if (forms === null || (!through.has(key) && (passed.get(key)?.size ?? 0) === 0)) continue;
    const steps = [...(passed.get(key) ?? [])];
    const { count } = await services.db.formHold.deleteMany({
      where: { key, code: { not: { startsWith: unfitPrefix } }, ...(through.has(key) ? {} : { step: { in: steps } }) },
    });
    if (count > 0) await enqueueWaiting(services, formId, forms);
  }
}

/** The people of these forms who wait are sent at once. */
export async function enqueueWaiting(
  { db, queue, log }: Pick<Services, "db" | "queue" | "log">,
  formId: number,
  forms: number[],
): Promise<void> {
  log.info({ formId }, "the registrations of a form go on");
  const waiting = await db.$queryRaw<{ id: number }[]>`
    select id from "User" where "crmState" = 'PENDING' and "crmNextAttemptAt" > now()
      and coalesce("formId", ${firstFormId}::int) = any(${forms}::int[]) order by id`;
  const ids = waiting.map(({ id }) => id);
  await inLongTransaction(db, (tx) => queue.enqueueMany(tx, "crm-registration", ids));
}

/** The forms whose registrations wait now. */
export async function heldForms(services: Pick<Services, "db" | "env" | "forms">): Promise<Set<number>> {
  const rows = await services.db.formHold.findMany({ select: { key: true } });
  const keys = new Set(rows.map(({ key }) => key));
  const { of, all } = settingsGroups(services);
  if (all.length < 2) return new Set();
  return new Set(services.forms.all().flatMap(({ id }) => (keys.has(of(id)?.key ?? "") ? [id] : [])));
}
