import type { Services } from "../services";
import { isLocked } from "../settings/settings";

type Deps = Pick<Services, "db" | "log" | "mail" | "env">;

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
 * Skips refused employees when responsible persons are assigned, and mails about each of them once. No registration
 * fails because of a refused employee.
 */
export async function passOver(services: Deps, ids: Set<number>): Promise<void> {
  for (const id of ids) await passOverOne(services, id);
}

async function passOverOne(services: Deps, id: number): Promise<void> {
  const { db, log } = services;
  const known = await db.refusedResponsible.findUnique({ where: { id }, select: { id: true } });
  await db.refusedResponsible.upsert({ where: { id }, create: { id }, update: { refusedAt: new Date() } });
  await db.user.updateMany({
    where: { crmAssignedById: id, crmState: { not: "SYNCED" }, bitrix24DealId: null },
    data: { crmAssignedById: null },
  });
  if (known) return;
  log.error({ responsible: id }, "the portal rejects a responsible person: the others take turns");
  alert(services, id);
}

/** A registration that succeeded with a skipped employee shows that the portal accepts this employee again. */
export async function acceptResponsible({ db, log }: Pick<Deps, "db" | "log">, userIds: number[]): Promise<void> {
  if (userIds.length === 0) return;
  const accepted = await db.$executeRaw`
    delete from "RefusedResponsible" r where r."refusedAt" < ${new Date(Date.now() - passedOverMs)}
      and exists (select 1 from "User" u where u.id = any(${userIds}) and u."crmAssignedById" = r.id)`;
  if (accepted > 0) log.info({ accepted }, "the portal accepts a responsible person again");
}

function alert({ mail, env }: Deps, id: number): void {
  if (!env.ALERT_EMAIL) return;
  const page = `${env.APP_URL}/admin/settings/deal`;
  const remedy = isLocked({ env }, "responsible")
    ? { en: "Correct BITRIX24_ASSIGNED_BY_IDS", ru: "Исправьте BITRIX24_ASSIGNED_BY_IDS" }
    : { en: `Choose the responsible persons anew at ${page}`, ru: `Выберите ответственных заново на странице ${page}` };
  // Not waited for: a mail server that hangs must not hold up the queue.
  void mail.send({
    to: env.ALERT_EMAIL,
    subject: `Bitrix24: employee ${id} is refused as responsible`,
    text: `Битрикс24 не принимает сотрудника ${id} как ответственного: он уволен, его нет, или вебхуку нельзя его назначать. Сделки получает следующий по очереди, а если других нет — владелец вебхука. Регистрации идут дальше.
${remedy.ru} или верните сотрудника на портал — тогда он снова получит свою очередь в течение часа.

Bitrix24 does not accept employee ${id} as responsible: dismissed, not there, or not to be assigned by the webhook. The next in turn gets the deals, or the webhook's owner where there is no other. Registrations go on.
${remedy.en}, or take the employee back on the portal: the turn is then given back within an hour.

${env.APP_URL}/bitrix24-test
`,
  });
}
