import { randomBytes } from "node:crypto";
import { Prisma, type User } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { loggedDeals } from "../crm/made-deals";
import { loggedRecords } from "../crm/made-records";
import type { Tx } from "../database/db";
import { blankInImports } from "../import/blank-person";
import { type PersonData, personFieldNames, pickPerson } from "../person/fields";
import { holdsPhone } from "../person/phone-in-text";
import { readableEmail } from "../platform/email-address";
import { holdsAnyEmail } from "../platform/email-in-text";
import { AppError } from "../platform/errors";
import { priorities } from "../queue/queue";
import { clearKeysOf } from "../registration/registration-key";
import { dropViewsNaming } from "../saved-views/person-in-views";
import type { Services } from "../services";
import { clearDeliveriesOf } from "../webhooks/deliveries";
import { isTraceOpen } from "./erased-trace";
import { deletedPlaces, erasedColumns } from "./places";
import { tracesOf } from "./traces";

/**
 * `owner`: the owner of an address that another person had registered. `withdrawn` to `unpaid` are retention. `restored`:
 * erased before, and come back with a backup.
 */
export type ErasureCause =
  | "self"
  | "admin"
  | "command"
  | "owner"
  | "withdrawn"
  | "unconfirmed"
  | "unpaid"
  | "discarded"
  | "restored";

type Deps = Pick<Services, "db" | "queue" | "env" | "log">;

/** Whether the reason for which a person is to be erased still holds. The person is locked while it is asked. */
export type StillDue = (tx: Tx, user: User) => boolean | Promise<boolean>;

/**
 * Erases a person: their data in this database at once, and our records on the portal by a job. Payments and counts
 * stay, with a number instead of the person. Repeating changes nothing, and false says so. `still` is the condition by
 * which the caller chose the person: it may have ended since, and then nothing is erased, with false as well. Throws
 * NOT_FOUND, and CONFLICT for an administrator, whose role must be taken away first.
 */
export async function erasePerson(
  { db, queue, env, log }: Deps,
  { actor, userId, cause, still }: { actor: Actor; userId: number; cause: ErasureCause; still?: StillDue | undefined },
): Promise<boolean> {
  const known = await db.user.findUnique({ where: { id: userId } });
  if (!known) throw new AppError("NOT_FOUND");
  // Before the row loses its address, by which the lists are searched: an import in progress must not recreate the
  // person.
  if (!known.erasedAt && known.role !== "ADMIN") await blankInImports({ db }, known.email);
  const isNew = await db.$transaction(async (tx) => {
    // Serialises with everything that writes to the row or adds to the person: it comes before, or finds the person
    // erased.
    await tx.$executeRaw`select 1 from "User" where id = ${userId} for update`;
    const user = await tx.user.findUnique({ where: { id: userId } });
    if (!user) throw new AppError("NOT_FOUND");
    if (user.erasedAt) return false;
    if (still && !(await still(tx, user))) return false;
    if (user.role === "ADMIN") throw new AppError("CONFLICT");

    const person = pickPerson(user);
    // Former details that the portal may still hold because it has not followed a correction yet.
    const correction = await tx.crmCorrection.findUnique({ where: { userId } });
    const told = (correction?.told ?? []) as unknown as PersonData[];
    const mode = env.ERASE_IN_CRM;
    const salt = randomBytes(16).toString("base64url");
    const follows = mode !== "keep";
    await tx.erasure.create({
      data: {
        userId,
        cause,
        actorKind: actor.kind,
        actorId: actor.id,
        mode,
        state: follows ? "pending" : "done",
        doneAt: follows ? null : new Date(),
        contactId: user.bitrix24ContactId,
        dealId: user.bitrix24DealId,
        made: {
          ...(await loggedRecords(tx, userId)),
          sent: ((await loggedDeals(tx, [userId])).get(userId)?.sentAt ?? []).map((at) => at.toISOString()),
        },
        traceId: user.crmTraceId,
        toldAt: follows ? await toldAt(tx, userId) : null,
        traceOpen: await isTraceOpen(tx, user),
        salt,
        traces: follows ? [...new Set([person, ...told].flatMap((each) => tracesOf(salt, each, user.crmLeftOut)))] : [],
      },
    });
    for (const table of deletedPlaces)
      await tx.$executeRaw`delete from ${Prisma.raw(`"${table}"`)} where "userId" = ${userId}`;
    await clearKeysOf(tx, userId);
    await clearDeliveriesOf(tx, userId);
    await dropViewsNaming(tx, actor, [person, ...told]);
    const tags = personalTags(user, [person, ...told]);
    await tx.user.update({ where: { id: userId }, data: { ...erasedColumns(user), ...tags }, select: { id: true } });
    if (Object.keys(tags).length > 0) await dropEmptyCounts(tx, user);
    await audit(tx, { actor, action: "person.erase", targetId: userId, details: { cause, mode } });
    if (follows) await queue.enqueue(tx, "crm-erasure", userId, { priority: priorities.registration });
    return true;
  });
  // Where the database is lost, this line, or the number that the command prints, is all that tells whom to erase again in
  // a restored backup. The time tells the person from another one who got the number since.
  if (isNew) log.info({ userId, registeredAt: known.createdAt, cause }, "a person was erased");
  return isNew;
}

/**
 * When a message that tells of the person in the portal was last attempted; null: never. The lock keeps the sender from
 * attempting one between this look and the end of the transaction, which deletes the message.
 */
async function toldAt(tx: Tx, userId: number): Promise<Date | null> {
  const rows = await tx.$queryRaw<{ attemptedAt: Date | null }[]>`
    select "attemptedAt" from "PersonNotice" where "userId" = ${userId} and kind = 'responsible' for update`;
  return rows[0]?.attemptedAt ?? null;
}

/**
 * UTM tags are kept for statistics unless the link's sender put the recipient's details into them: present or former ones, or
 * any address at all, since it may be one that is not known here any more.
 */
function personalTags(
  tags: { source: string | null; campaign: string | null },
  people: PersonData[],
): { source?: null; campaign?: null } {
  const details = people.flatMap((person) => [
    ...personFieldNames.map((name) => person[name]),
    readableEmail(person.email),
  ]);
  const own = details.flatMap((detail) => {
    const value = detail?.toLowerCase().trim();
    return value && value.length > 2 ? [value.replace(/^\+/, "")] : [];
  });
  const names = (text: string | null) =>
    text !== null &&
    (holdsAnyEmail(text) ||
      people.some(({ phone }) => holdsPhone(text, phone)) ||
      own.some((value) => text.toLowerCase().includes(value)));
  return {
    ...(names(tags.source) ? { source: null } : {}),
    ...(names(tags.campaign) ? { campaign: null } : {}),
  };
}

/** Deletes the zero counts that are left under a tag with personal data, once the row's counts have moved to no tag. */
async function dropEmptyCounts(tx: Tx, tags: { source: string | null; campaign: string | null }): Promise<void> {
  const same = Prisma.sql`source = left(${tags.source ?? ""}, 100) and campaign = left(${tags.campaign ?? ""}, 100)`;
  await tx.$executeRaw`
    with cell as (
      select day from (
        select day, registrations, paid, payments from "DailyStatistic" where ${same}
        union all
        select day, registrations, paid, payments from "StatisticDelta" where ${same}
      ) as part
      group by day having sum(registrations) = 0 and sum(paid) = 0 and sum(payments) = 0
    ), rolled as (
      delete from "DailyStatistic" where ${same} and day in (select day from cell)
    )
    delete from "StatisticDelta" where ${same} and day in (select day from cell)`;
}
