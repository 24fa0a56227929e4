import { firstFormId } from "../forms/forms";
import type { Services } from "../services";
import { enqueueWaiting } from "./form-holds";
import { settingsGroups } from "./settings-groups";

/** Settings that another process has just changed are read here within this time. */
const settledSeconds = 10;

/**
 * Ends holds that hold up nobody any more, so that their alerts end without waiting for the next registration: of settings
 * that no group of forms has now, also where a single group is left, and of closed forms by which no person waits.
 */
export async function endFormerHolds(
  services: Pick<Services, "db" | "env" | "forms" | "queue" | "log">,
): Promise<void> {
  const { db, forms } = services;
  if ((await db.formHold.findFirst({ select: { key: true } })) === null) return;
  const groups = settingsGroups(services).all.flatMap(({ key, forms: ids }) => (ids ? [{ key, ids }] : []));
  const former = await db.$queryRaw<{ formId: number }[]>`
    delete from "FormHold" where "since" < now() - ${settledSeconds} * interval '1 second'
      and not ("key" = any(${groups.map(({ key }) => key)}::text[])) returning "formId"`;
  for (const { formId } of former) await enqueueWaiting(services, formId, [formId]);
  for (const { key, ids } of groups) {
    if (ids.some((id) => forms.byId(id)?.isClosed === false)) continue;
    await db.$executeRaw`
      delete from "FormHold" where "key" = ${key} and "since" < now() - ${settledSeconds} * interval '1 second'
        and not exists (select 1 from "User" where "crmState" = 'PENDING' and coalesce("formId", ${firstFormId}::int) = any(${ids}::int[]))`;
  }
}
