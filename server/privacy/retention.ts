import { Prisma } from "../../prisma/generated/client";
import { asksForConfirmation } from "../confirmation/confirmation";
import { processingKind } from "../consents/kinds";
import type { Tx } from "../database/db";
import type { Services } from "../services";
import type { ErasureCause } from "./erase";
import { eraseDue } from "./erase-due";
import { eraseEach } from "./erase-each";

type Deps = Pick<Services, "db" | "queue" | "env" | "log">;

/** Limits of one run; the next run continues. */
const peopleAtOnce = 100;
const triesAtOnce = 1_000;
const rowsAtOnce = 10_000;
const day = 24 * 60 * 60 * 1_000;

/**
 * Erases people whose retention has expired and drops records kept for a limited time. People are erased only if the
 * operator has set a period; people who withdrew their consent were told of it. Safe in several processes.
 *
 * @param wait why nobody is erased by a period for now, see server/identity/retention-wait.ts; null: the periods hold
 */
export async function applyRetention(services: Deps, wait: string | null = null): Promise<void> {
  const { log } = services;
  if (wait === null) await applyRules(services);
  else log.info({ because: wait }, "retention periods wait: nobody is erased by them for now");
  const again = await eraseDue(services);
  if (again > 0) log.info({ erased: again }, "people whom a restore had brought back were erased again");
  await dropOld(services);
}

async function applyRules(services: Deps): Promise<void> {
  const { db, env, log } = services;
  // While nobody can confirm an address, nobody fails to.
  const unconfirmedDays = asksForConfirmation(env) ? env.RETAIN_UNCONFIRMED_DAYS : 0;
  const rules: [ErasureCause, number, Prisma.Sql][] = [
    ["withdrawn", env.RETAIN_WITHDRAWN_DAYS, withdrawnBefore(daysAgo(env.RETAIN_WITHDRAWN_DAYS))],
    ["unconfirmed", unconfirmedDays, unconfirmedBefore(daysAgo(unconfirmedDays))],
    ["unpaid", env.RETAIN_UNPAID_DAYS, unpaidBefore(daysAgo(env.RETAIN_UNPAID_DAYS))],
  ];
  for (const [cause, days, condition] of rules) {
    if (days === 0) continue;
    const isDue = Prisma.sql`u."erasedAt" is null and u.role = 'USER' and ${condition}`;
    // The person may confirm, pay or give the consent again while those before them are erased.
    const still = async (tx: Tx, { id }: { id: number }) =>
      (await tx.$queryRaw<unknown[]>`select 1 from "User" u where id = ${id} and ${isDue}`).length > 0;
    let erased = 0;
    // Those who cannot be erased are due in each run: the others' turn comes although they come first.
    for (let after = 0, tried = 0; erased < peopleAtOnce && tried < triesAtOnce; ) {
      const due = await db.$queryRaw<{ id: number }[]>`
        select id from "User" u
        where id > ${after} and ${isDue}
        order by id limit ${peopleAtOnce - erased}`;
      const ids = due.map(({ id }) => id);
      erased += await eraseEach(services, ids, cause, still);
      tried += ids.length;
      const last = ids.at(-1);
      if (last === undefined) break;
      after = last;
    }
    if (erased > 0) log.info({ cause, erased }, "people were erased because their retention period has ended");
  }
}

const daysAgo = (days: number) => new Date(Date.now() - days * day);

const withdrawnBefore = (at: Date) => Prisma.sql`(
  select c."withdrawnAt" from "Consent" c where c."userId" = u.id and c.kind = ${processingKind}
  order by c.id desc limit 1) < ${at}`;

/**
 * Only people whom a mail has asked to confirm their address: not imported ones, nor those who registered while none was
 * sent. In a restored database the time begins anew, since it cannot know who confirmed after the backup.
 */
const unconfirmedBefore = (at: Date) => Prisma.sql`
  u."confirmationSentAt" < ${at} and u."emailConfirmedAt" is null and u."passwordHash" is not null and not u."isPaid"
  and not exists (select 1 from "CrmPortal" c where c."restoredAt" >= ${at})
  and not exists (select 1 from "PaymentChange" p where p."userId" = u.id)`;

/** Excludes people who have paid at any time. */
const unpaidBefore = (at: Date) => Prisma.sql`
  u."createdAt" < ${at} and not u."isPaid" and not exists (select 1 from "PaymentChange" p where p."userId" = u.id)`;

/**
 * The audit log holds no personal data but ids; it is kept only as long as accountability requires. That an administrator's
 * role was taken away stays for as long as the log itself: by it a start knows that the person of ADMIN_EMAIL is not to have it.
 */
async function dropOld({ db, env, log }: Deps): Promise<void> {
  if (env.RETAIN_AUDIT_DAYS === 0) return;
  const audit = await db.$executeRaw`
    delete from "AuditEntry" where id in (
      select id from "AuditEntry"
      where at < ${daysAgo(env.RETAIN_AUDIT_DAYS)} and not (action = 'role.change' and details @> '{"role": "USER"}')
      order by id limit ${rowsAtOnce})`;
  if (audit > 0) log.info({ audit }, "old records were deleted");
}
