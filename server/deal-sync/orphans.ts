import { findGone, type PortalDeal, readEach } from "../bitrix24/deals";
import { contactType, dealType } from "../bitrix24/fields";
import { readContacts } from "../bitrix24/look-up";
import type { Claim, Marked } from "../bitrix24/marks";
import { userIdOf } from "../bitrix24/person";
import { contactIdsOf } from "../bitrix24/responses";
import { settledSale } from "../bitrix24/sale";
import { endConflictsById, openConflict, standing } from "../conflicts/conflicts";
import { contactClaim, dealClaim, type KnownPerson, knownPersonColumns, noteMade } from "../crm/recognise";
import { priorities } from "../queue/queue";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "queue" | "bitrix24" | "log">;

/**
 * Adopts deals with our external id that no row names. If the deal fits its person and the row names no deal, the
 * registration resumes with this deal. If the row names another deal, the older deal is kept and the newer is listed as
 * a duplicate. Returns how many rows were corrected. Throws Bitrix24Error.
 */
export async function adoptDeals(deps: Deps, deals: PortalDeal[]): Promise<number> {
  const { db, bitrix24 } = deps;
  const people = await knownPersons(db, deals);
  const candidates = deals.filter((deal) => people.has(userIdOf(deal.originId) ?? 0));
  if (candidates.length === 0) return 0;
  const marks = await bitrix24.marks();
  const ids = candidates.flatMap((deal) => deal.contactId ?? []);
  const contacts = new Map((await readContacts(bitrix24.batchRunner, ids)).map((contact) => [contact.id, contact]));
  let corrected = 0;
  for (const deal of candidates) {
    const person = people.get(userIdOf(deal.originId) ?? 0) as KnownPerson;
    if (await adoptDeal(deps, person.id, deal.id, dealClaim(marks, deal, contacts, person))) corrected++;
  }
  return corrected;
}

/**
 * Adopts contacts in the same way. A person who is linked to a contact that was not created here keeps it, because that
 * contact was matched or chosen.
 */
export async function adoptContacts(deps: Deps, found: (Marked & { id: number })[]): Promise<number> {
  const { db, bitrix24 } = deps;
  const people = await knownPersons(db, found);
  const ids = found.filter(({ id, originId }) => {
    const person = people.get(userIdOf(originId) ?? 0);
    return person && person.bitrix24ContactId !== id;
  });
  const marks = await bitrix24.marks();
  const contacts = await readContacts(
    bitrix24.batchRunner,
    ids.map(({ id }) => id),
  );
  const personOf = (contact: Marked) => people.get(userIdOf(contact.originId) ?? 0);
  const onDeals = await contactsOnDeals(
    bitrix24,
    contacts.flatMap((contact) => personOf(contact)?.bitrix24DealId ?? []),
  );
  let corrected = 0;
  for (const contact of contacts) {
    const person = personOf(contact);
    // A contact on the person's deal is no duplicate to be removed, even if it is not the deal's main contact.
    if (person?.bitrix24ContactId && onDeals.get(person.bitrix24DealId ?? 0)?.includes(contact.id)) continue;
    if (person && (await adoptContact(deps, person.id, contact.id, contactClaim(marks, contact, person)))) corrected++;
  }
  return corrected;
}

/** The contacts of these deals, by deal; none for deals that are gone or closed to the webhook. */
async function contactsOnDeals({ batchRunner }: Deps["bitrix24"], dealIds: number[]): Promise<Map<number, number[]>> {
  const deals = await readEach(batchRunner, dealType, dealIds);
  return new Map([...deals].map(([id, deal]) => [id, contactIdsOf(deal)]));
}

async function knownPersons(db: Services["db"], records: Marked[]): Promise<Map<number, KnownPerson>> {
  const ids = records.flatMap(({ originId }) => userIdOf(originId) ?? []);
  // The remaining records of an erased person are left alone.
  const rows = await db.user.findMany({ where: { id: { in: ids }, erasedAt: null }, select: knownPersonColumns });
  return new Map(rows.map((row) => [row.id, row]));
}

async function adoptDeal({ db, queue, log }: Deps, userId: number, dealId: number, claim: Claim): Promise<boolean> {
  if (claim !== "ours" && claim !== "legacy") return false;
  return db.$transaction(async (tx) => {
    const user = await tx.user.findUnique({
      where: { id: userId, erasedAt: null },
      select: { bitrix24DealId: true, crmSale: true },
    });
    if (!user || user.bitrix24DealId === dealId) return false;
    if (claim === "ours") await noteMade(tx, userId, { dealId });
    if (settledSale(user.crmSale, user.bitrix24DealId)?.chosen) {
      await openConflict(tx, { kind: "DUPLICATE_DEAL", userId, portalId: dealId });
      return false;
    }
    const newer = user.bitrix24DealId === null ? null : Math.max(user.bitrix24DealId, dealId);
    if (newer !== null) await openConflict(tx, { kind: "DUPLICATE_DEAL", userId, portalId: newer });
    if (newer === dealId) return false;
    await tx.user.update({
      where: { id: userId },
      data: { bitrix24DealId: dealId, crmState: "PENDING", crmAttempts: 0, crmError: null },
    });
    // The snapshot belongs to the former deal.
    await tx.dealSnapshot.deleteMany({ where: { userId } });
    await queue.enqueue(tx, "crm-registration", userId, { priority: priorities.registration });
    log.info({ userId, dealId }, "orphaned deal adopted by its external id");
    return true;
  });
}

async function adoptContact({ db, log }: Deps, userId: number, contactId: number, claim: Claim): Promise<boolean> {
  if (claim !== "ours" && claim !== "legacy") return false;
  return db.$transaction(async (tx) => {
    const user = await tx.user.findUnique({
      where: { id: userId, erasedAt: null },
      select: { bitrix24ContactId: true },
    });
    if (!user || user.bitrix24ContactId === contactId) return false;
    if (claim === "ours") await noteMade(tx, userId, { contactId });
    if (user.bitrix24ContactId !== null) {
      await openConflict(tx, { kind: "DUPLICATE_CONTACT", userId, portalId: contactId });
      return false;
    }
    await tx.user.update({ where: { id: userId }, data: { bitrix24ContactId: contactId, crmContactBy: "made" } });
    log.info({ userId, contactId }, "orphaned contact adopted by its external id");
    return true;
  });
}

/**
 * Ends the conflicts about duplicates that are no longer duplicates: managers have removed or merged them, or they have
 * become the person's own records. Throws Bitrix24Error if the portal does not answer.
 */
export async function endDuplicates({ db, bitrix24 }: Pick<Services, "db" | "bitrix24">): Promise<void> {
  const kinds = [
    ["DUPLICATE_DEAL", dealType, "bitrix24DealId"],
    ["DUPLICATE_CONTACT", contactType, "bitrix24ContactId"],
  ] as const;
  for (const [kind, entityTypeId, own] of kinds) {
    const doubles = await db.conflict.findMany({
      where: { kind, OR: standing },
      select: { id: true, portalId: true, user: { select: { bitrix24DealId: true, bitrix24ContactId: true } } },
    });
    const gone = await findGone(
      bitrix24.batchRunner,
      entityTypeId,
      doubles.map(({ portalId }) => portalId),
    );
    const onDeals = await contactsOnDeals(
      bitrix24,
      kind === "DUPLICATE_CONTACT" ? doubles.flatMap(({ user }) => user.bitrix24DealId ?? []) : [],
    );
    const ended = doubles.filter(
      ({ portalId, user }) =>
        gone.has(portalId) ||
        user[own] === portalId ||
        onDeals.get(user.bitrix24DealId ?? 0)?.includes(portalId) === true,
    );
    await endConflictsById(
      db,
      ended.map(({ id }) => id),
    );
  }
}
