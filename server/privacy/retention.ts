import { Prisma } from "../../prisma/generated/client";
import { asksForConfirmation } from "../confirmation/confirmation";
import { processingKind } from "../consents/kinds";
import type { Tx } from "../database/db";
import { isDatabaseAway } from "../database/unavailable";
import { elapsedMs } from "../platform/elapsed";
import { dayMs } from "../platform/time-zone";
import type { Services } from "../services";
import type { ErasureCause } from "./erase";
import { eraseDue } from "./erase-due";
import { eraseEach } from "./erase-each";

type Deps = Pick<Services, "db" | "queue" | "env" | "log">;

/** Of a portion; each erasing is a transaction of its own. */
const peopleAtOnce = 10;
const rowsAtOnce = 10_000;

/** Does a portion of the work; true once nothing of it is left. */
type Portion = () => Promise<boolean>;

/**
 * Erases people whose retention has expired and drops records kept for a limited time. People are erased only if the
 * operator has set a period; people who withdrew their consent were told of it. Safe in several processes.
 *
 * After a period is set for the first time, or a campaign's people all withdraw, thousands are due at once, and registrations
 * wait for the leader: so a run is made of steps of about a second, as that of the purge is.
 */
export class Retention {
  readonly #deps: Deps;
  readonly #wait: () => Promise<string | null>;
  readonly #stepMs: number;
  /** What this run has still to do. */
  #rules: Portion[] = [];
  #others: Portion[] = [];

  /**
   * @param wait the reason for which retention periods are suspended, see server/identity/retention-wait.ts; null if
   * they apply
   */
  constructor(deps: Deps, wait: () => Promise<string | null>, { stepMs = 1_000 } = {}) {
    this.#deps = deps;
    this.#wait = wait;
    this.#stepMs = stepMs;
  }

  /** Begins a run. If one is under way, the new one takes its place. */
  begin(): void {
    this.#rules = ruleOrder.map((cause) => applyRule(this.#deps, cause));
    this.#others = [eraseAgain(this.#deps), dropOld(this.#deps)];
  }

  /** Goes on with the run, with at least one portion; false if nothing is left. */
  async step(): Promise<boolean> {
    const until = elapsedMs() + this.#stepMs;
    // Asked in each step: a question about the portal may have come up since the last one.
    const because = this.#rules.length > 0 ? await this.#wait() : null;
    if (because !== null) {
      this.#deps.log.info({ because }, "retention periods wait: nobody is erased by them for now");
      this.#rules = [];
    }
    for (const left of [this.#rules, this.#others])
      for (let [portion] = left; portion; [portion] = left) {
        if (await this.#isDone(portion)) left.shift();
        else if (elapsedMs() >= until) return true;
      }
    return false;
  }

  /** What fails is left to the next run: this one may wait, the registrations that the leader sends after it may not. */
  async #isDone(portion: Portion): Promise<boolean> {
    try {
      return await portion();
    } catch (err) {
      if (isDatabaseAway(err)) throw err;
      this.#deps.log.error({ err }, "retention periods could not be applied");
      return true;
    }
  }
}

/** By the present settings, which may change during a run. */
const rules = {
  withdrawn: ({ env }: Deps) => ({ days: env.RETAIN_WITHDRAWN_DAYS, dueBefore: withdrawnBefore }),
  // While nobody can confirm an address, nobody fails to.
  unconfirmed: ({ env }: Deps) => ({
    days: asksForConfirmation(env) ? env.RETAIN_UNCONFIRMED_DAYS : 0,
    dueBefore: unconfirmedBefore,
  }),
  unpaid: ({ env }: Deps) => ({ days: env.RETAIN_UNPAID_DAYS, dueBefore: unpaidBefore }),
} satisfies Partial<Record<ErasureCause, unknown>>;
const ruleOrder = ["withdrawn", "unconfirmed", "unpaid"] as const;

function applyRule(services: Deps, cause: (typeof ruleOrder)[number]): Portion {
  const { db, log } = services;
  let erased = 0;
  // Those who cannot be erased are due in each run: the others' turn comes although they come first.
  let after = 0;
  return async () => {
    const { days, dueBefore } = rules[cause](services);
    if (days === 0) return true;
    const isDue = Prisma.sql`u."erasedAt" is null and u.role = 'USER' and ${dueBefore(daysAgo(days))}`;
    // The person may confirm, pay or give the consent again while those before them are erased.
    const still = async (tx: Tx, { id }: { id: number }) =>
      (await tx.$queryRaw<unknown[]>`select 1 from "User" u where id = ${id} and ${isDue}`).length > 0;
    const due = await db.$queryRaw<{ id: number }[]>`
      select id from "User" u where id > ${after} and ${isDue} order by id limit ${peopleAtOnce}`;
    const ids = due.map(({ id }) => id);
    erased += await eraseEach(services, ids, cause, still);
    after = ids.at(-1) ?? after;
    if (ids.length === peopleAtOnce) return false;
    if (erased > 0) log.info({ cause, erased }, "people were erased because their retention period has ended");
    return true;
  };
}

function eraseAgain(services: Deps): Portion {
  let erased = 0;
  let after = 0;
  return async () => {
    const portion = await eraseDue(services, { after, limit: peopleAtOnce });
    erased += portion.erased;
    after = portion.last ?? after;
    if (portion.last !== null) return false;
    if (erased > 0) services.log.info({ erased }, "people whom a restore had brought back were erased again");
    return true;
  };
}

const daysAgo = (days: number) => new Date(Date.now() - days * dayMs);

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
const dropOld =
  ({ db, env, log }: Deps): Portion =>
  async () => {
    if (env.RETAIN_AUDIT_DAYS === 0) return true;
    const audit = await db.$executeRaw`
      delete from "AuditEntry" where id in (
        select id from "AuditEntry"
        where at < ${daysAgo(env.RETAIN_AUDIT_DAYS)} and not (action = 'role.change' and details @> '{"role": "USER"}')
        order by id limit ${rowsAtOnce})`;
    if (audit > 0) log.info({ audit }, "old records were deleted");
    return audit < rowsAtOnce;
  };
