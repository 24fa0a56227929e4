import { raiseAlert } from "../alerts/raise";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "log" | "env">;

/**
 * A refused employee is skipped for this long. Then one registration tries whether the portal accepts the employee
 * again.
 */
const passedOverMs = 3_600_000;

/** The employees whom the portal recently refused as responsible persons. */
export async function passedOver({ db }: Pick<Services, "db">): Promise<Set<number>> {
  const since = new Date(Date.now() - passedOverMs);
  const rows = await db.refusedResponsible.findMany({ where: { refusedAt: { gt: since } }, select: { id: true } });
  return new Set(rows.map(({ id }) => id));
}

/**
 * Skips refused employees when responsible persons are assigned, and reports each of them once. No registration
 * fails because of a refused employee.
 */
export async function passOver(services: Deps, ids: Set<number>): Promise<void> {
  for (const id of ids) await passOverOne(services, id);
}

async function passOverOne(services: Deps, id: number): Promise<void> {
  const { db, env, log } = services;
  const isNew = await db.$transaction(async (tx) => {
    const known = await tx.refusedResponsible.findUnique({ where: { id }, select: { id: true } });
    await tx.refusedResponsible.upsert({ where: { id }, create: { id }, update: { refusedAt: new Date() } });
    if (!known) await raiseAlert({ db: tx, env }, { kind: "responsible", facts: { id } });
    return !known;
  });
  // Locked in id order, like all who are changed at once.
  await db.$executeRaw`
    with locked as materialized (
      select id from "User" where "crmAssignedById" = ${id} and "crmState" <> 'SYNCED' and "bitrix24DealId" is null
      order by id for no key update)
    update "User" u set "crmAssignedById" = null from locked where u.id = locked.id`;
  if (isNew) log.error({ responsible: id }, "the portal rejects a responsible person: the others take turns");
}

/** A registration that succeeded with a skipped employee shows that the portal accepts this employee again. */
export async function acceptResponsible({ db, log }: Pick<Deps, "db" | "log">, userIds: number[]): Promise<void> {
  if (userIds.length === 0) return;
  const accepted = await db.$executeRaw`
    delete from "RefusedResponsible" r where r."refusedAt" < ${new Date(Date.now() - passedOverMs)}
      and exists (select 1 from "User" u where u.id = any(${userIds}) and u."crmAssignedById" = r.id)`;
  if (accepted > 0) log.info({ accepted }, "the portal accepts a responsible person again");
}
