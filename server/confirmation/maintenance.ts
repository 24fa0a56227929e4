import { lockPerson } from "../database/lock-person";
import { elapsedMs } from "../platform/elapsed";
import { mailClaimMs } from "../platform/mail";
import { inRandomOrder } from "../platform/random-order";
import type { Services } from "../services";
import { makeConfirmation, type Purpose, sendConfirmation } from "./confirmation";
import { releaseHold } from "./holds";
import { purgeMailRequests } from "./mail-limits";

/** A refusal that took longer is no answer about one address: the mail server does not answer. */
const silenceMs = 5_000;
/** A mail server that is away for longer is a matter for its operator. */
const patienceMs = 24 * 60 * 60 * 1_000;
const atOnce = 50;

type Deps = Pick<Services, "db" | "env" | "log" | "mail" | "queue">;

/** Lets go what is no longer held, and drops what is spent. Safe in several processes. */
export async function maintainConfirmations(services: Deps): Promise<void> {
  if (services.env.EMAIL_CONFIRMATION !== "required") await releaseAll(services);
  await noteAsked(services);
  await services.db.emailConfirmation.deleteMany({ where: { expiresAt: { lt: new Date() } } });
  await purgeMailRequests(services.db);
}

/**
 * During an upgrade a process of an earlier release may ask as well, and does not note it on the person, who then would
 * never count as unconfirmed.
 */
async function noteAsked({ db }: Deps): Promise<void> {
  await db.$executeRaw`
    update "User" u set "confirmationSentAt" = asked."sentAt"
    from (
      select p.id, c."sentAt"
      from "EmailConfirmation" c join "User" p on p.id = c."userId" and p.email = c.email
      where c.purpose = 'confirm' and c."sentAt" is not null
        and p."confirmationSentAt" is null and p."emailConfirmedAt" is null
      order by p.id for update of p skip locked
    ) asked
    where u.id = asked.id`;
}

/**
 * Mails again what no mail server took, until `signal` ends it. Not to be waited for where other work waits: a mail server
 * that hangs costs more than a minute. A link and code that are not known any more cannot be mailed again: new ones take
 * their place, and the wrong codes so far count on. Safe in several processes.
 */
export async function sendOverdue(services: Deps, signal?: AbortSignal): Promise<void> {
  const { db, env } = services;
  const now = Date.now();
  const overdue = await db.emailConfirmation.findMany({
    where: {
      sentAt: null,
      createdAt: { lt: new Date(now - mailClaimMs), gt: new Date(now - patienceMs) },
      expiresAt: { gt: new Date(now) },
    },
    orderBy: { createdAt: "asc" },
    take: atOnce,
  });
  // In any order, so that a mail over which the server hangs is not the first every time.
  for (const { id, userId, email, purpose, createdAt } of inRandomOrder(overdue)) {
    if (signal?.aborted) return;
    const made = await db.$transaction(async (tx) => {
      await lockPerson(tx, userId);
      // The person, or another process, may have been quicker.
      const [{ codeAttempts } = {}] = await tx.$queryRaw<{ codeAttempts: number }[]>`
        delete from "EmailConfirmation" where id = ${id} and "sentAt" is null returning "codeAttempts"`;
      if (codeAttempts === undefined) return undefined;
      return makeConfirmation(tx, env, { userId, email, purpose: purpose as Purpose, createdAt, codeAttempts });
    });
    if (!made) continue;
    const began = elapsedMs();
    if (!(await sendConfirmation(services, made, signal)) && elapsedMs() - began > silenceMs) return;
  }
}

/** Registrations that wait for a confirmation which the settings no longer demand. */
async function releaseAll({ db, queue }: Deps): Promise<void> {
  const held = await db.user.findMany({
    where: { crmState: "HELD", holds: { has: "email" } },
    select: { id: true },
    orderBy: { id: "asc" },
    take: 1_000,
  });
  for (const { id } of held) await db.$transaction((tx) => releaseHold(tx, queue, { userId: id, hold: "email" }));
}
