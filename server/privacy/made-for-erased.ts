import { z } from "zod";
import { type Erasure, Prisma } from "../../prisma/generated/client";
import { claimOf } from "../bitrix24/marks";
import type { OwnContact, OwnDeal } from "../bitrix24/own-records";
import { originId } from "../bitrix24/person";
import { isOlderThan } from "../bitrix24/portal-clock";
import { inFlightTimes } from "../crm/made-deals";
import type { Services } from "../services";
import { originals, withoutTemplates } from "./fitting-deals";

type Deps = Pick<Services, "db" | "bitrix24" | "env">;

const recordIds = z.object({ contacts: z.array(z.number()), deals: z.array(z.number()) });
export type RecordIds = z.infer<typeof recordIds>;

/**
 * `sent`: when requests that may have created a deal were sent; absent in an erasure begun by an earlier release, of which
 * nothing tells which deals are copies. `going`: the records that the portal was asked to delete. `anonymous`: those that an
 * attempt has made anonymous before another record could not be read. `handedOver`: contacts that it passed to a person who
 * shares them. Written again, they would lose what managers have changed in them since. `linked`: deals of `anonymous` whose
 * contact could not be read, so that nothing told whether it is the person's own.
 */
const madeSchema = recordIds.extend({
  sent: z.array(z.coerce.date()).optional(),
  going: recordIds.optional(),
  anonymous: recordIds.optional(),
  handedOver: z.array(z.number()).optional(),
  linked: z.array(z.number()).optional(),
});
type Made = z.infer<typeof madeSchema>;

/** The portal call log, as saved with the erasure; null for one begun by an earlier release. */
export const loggedOf = ({ made }: Pick<Erasure, "made">) => (made === null ? null : madeSchema.parse(made));

/**
 * Saves with the erasure what an attempt does to these records. Nothing is saved for one begun by an earlier release, nor
 * where an administrator has answered meanwhile that this is another portal: the ids would name other people's records there.
 */
export async function noteAttempt(
  db: Deps["db"],
  { userId, contactId, dealId }: Pick<Erasure, "userId" | "contactId" | "dealId">,
  { contacts, deals }: { contacts: { id: number }[]; deals: { id: number }[] },
  done: Pick<Made, "going" | "anonymous" | "handedOver" | "linked">,
): Promise<void> {
  // Of no record nothing tells which portal it was.
  if (contacts.length + deals.length === 0) return;
  const saved = JSON.stringify({ contacts: contacts.map(({ id }) => id), deals: deals.map(({ id }) => id) });
  await db.$executeRaw`
    update "Erasure" set made = made || ${JSON.stringify(done)}::jsonb
    where "userId" = ${userId} and made @> ${saved}::jsonb
      and "contactId" is not distinct from ${contactId} and "dealId" is not distinct from ${dealId}`;
}

/**
 * Those of a person's records that were created here: by the portal call log, as saved with the erasure, or by an
 * external id that only this installation writes; such records are then saved as well. An erasure begun by an earlier
 * release has no saved log: the external id has to suffice. The external id of a record that is older than the person
 * proves nothing: managers have merged the person's record into a customer's own. But one that was made for a person who
 * was erased before, and handed over to this one, was made here all the same. Nor does the external id of a further deal
 * prove anything: managers have copied the person's own, see server/crm/made-deals.ts. Where no times of requests were saved, a
 * copy and a duplicate cannot be told apart, and both go: nothing of the person must remain.
 */
export async function onlyMade(
  { db, bitrix24, env }: Deps,
  erasure: Erasure,
  { contacts, deals }: { contacts: OwnContact[]; deals: OwnDeal[] },
): Promise<{ contacts: OwnContact[]; deals: OwnDeal[] }> {
  const { userId } = erasure;
  const person = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { createdAt: true, insertedAt: true, crmInFlightUntil: true },
  });
  const isNotOlder = (record: OwnContact | OwnDeal) => !isOlderThan(record, person);
  const inherited = await inheritedContacts(db, userId, contacts);
  const isTheirs = (contact: OwnContact) => isNotOlder(contact) || inherited.includes(contact.id);
  const logged = loggedOf(erasure);
  const withoutCopies = (found: OwnDeal[]) =>
    logged?.sent
      ? originals(found, {
          ids: [...(erasure.dealId === null ? [] : [erasure.dealId]), ...logged.deals],
          sentAt: [...logged.sent, ...inFlightTimes(person, env)],
        })
      : withoutTemplates(found);
  if (logged === null) return { contacts: contacts.filter(isTheirs), deals: withoutCopies(deals.filter(isNotOlder)) };
  const marks = await bitrix24.marks();
  const isMade = (ids: number[]) => (record: OwnContact | OwnDeal) =>
    ids.includes(record.id) || (isNotOlder(record) && claimOf(marks, record, userId) === "ours");
  const own = {
    contacts: contacts.filter(isMade([...logged.contacts, ...inherited])),
    deals: withoutCopies(deals.filter(isMade(logged.deals))),
  };
  const all = (ids: number[], records: { id: number }[]) => [...new Set([...ids, ...records.map(({ id }) => id)])];
  await db.erasure.updateMany({
    // Not the ids of an earlier portal, where an administrator has answered meanwhile that this is another one.
    where: { userId, contactId: erasure.contactId, dealId: erasure.dealId },
    data: {
      made: {
        ...(erasure.made as Prisma.JsonObject),
        contacts: all(logged.contacts, own.contacts),
        deals: all(logged.deals, own.deals),
      },
    },
  });
  return own;
}

/** Of these contacts, those that bear the person's external id and were made for people who were erased before. */
async function inheritedContacts(db: Deps["db"], userId: number, contacts: OwnContact[]): Promise<number[]> {
  const marked = contacts.filter((contact) => contact.originId === originId(userId)).map(({ id }) => id);
  if (marked.length === 0) return [];
  const rows = await db.$queryRaw<{ id: number }[]>(madeForOthersSql(userId, marked));
  return rows.map(({ id }) => id);
}

/**
 * The condition on `made` is written as its index needs it: the erasures of all people are searched, and none is ever
 * dropped.
 */
export const madeForOthersSql = (userId: number, contacts: number[]): Prisma.Sql => Prisma.sql`
  select c.id from unnest(${contacts}::int[]) as c (id)
  where exists (
    select 1 from "Erasure" e where e."userId" <> ${userId} and e.made -> 'contacts' @> jsonb_build_array(c.id))`;
