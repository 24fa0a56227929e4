import type { User } from "../../prisma/generated/client";
import { dealsOfOtherContacts } from "../bitrix24/deal-contacts";
import { findGone, type PortalDeal, readEach } from "../bitrix24/deals";
import { contactType, dealType } from "../bitrix24/fields";
import { inHalves } from "../bitrix24/in-halves";
import { assertRead } from "../bitrix24/items";
import { linkContacts } from "../bitrix24/linked-deals";
import { readContacts } from "../bitrix24/look-up";
import type { LinkedDeal } from "../bitrix24/made-for";
import { type Claim, isOwn, type Marked } from "../bitrix24/marks";
import { originId, userIdOf } from "../bitrix24/person";
import { contactIdsOf } from "../bitrix24/responses";
import { settledSale } from "../bitrix24/sale";
import { endConflicts, openConflict, standing } from "../conflicts/conflicts";
import { findCopies, loggedDeals, madeBefore } from "../crm/made-deals";
import { isOfLostState, type PutBack, readPutBack } from "../crm/possible-deals";
import { contactClaim, dealClaim, type KnownPerson, noteMade, readKnownPersons } from "../crm/recognise";
import type { Tx } from "../database/db";
import { priorities } from "../queue/queue";
import type { Services } from "../services";
import { type Adopted, adoptEach } from "./adopt-each";

type Deps = Pick<Services, "db" | "queue" | "bitrix24" | "log" | "env">;

/**
 * Adopts deals with our external id that no row names. If the deal fits its person and the row names no deal, the
 * registration resumes with this deal. If the row names another deal, the older deal is kept and the newer is listed as
 * a duplicate. A deal that the row names but that is gone is replaced by one that was created here: see `replaceGone`.
 * Counts the corrected rows. Throws Bitrix24Error.
 */
export const adoptDeals = (deps: Deps, deals: PortalDeal[]): Promise<Adopted> => adoptEach(deps, deals, adoptDealsOf);

async function adoptDealsOf(deps: Deps, deals: PortalDeal[]): Promise<number> {
  const { db, bitrix24 } = deps;
  const people = await knownPersons(db, deals);
  const candidates = deals.filter((deal) => people.has(userIdOf(deal.originId) ?? 0));
  if (candidates.length === 0) return 0;
  const marks = await bitrix24.marks();
  const personOf = (deal: Marked) => people.get(userIdOf(deal.originId) ?? 0) as KnownPerson;
  const owners = [...people.values()].map((each) => ({
    ...each,
    userId: each.id,
    contactId: each.bitrix24ContactId,
    dealId: null,
  }));
  const { linked, contacts } = await linkContacts(bitrix24.batchRunner, candidates, (main) =>
    dealsOfOtherContacts(marks, owners, { deals: candidates, contacts: main }),
  );
  const claimOf = (deal: LinkedDeal) => dealClaim(marks, deal, contacts, personOf(deal));
  const claimed = linked.filter((deal) => isOwn(claimOf(deal)));
  const stored = claimed.flatMap((deal) => personOf(deal).bitrix24DealId ?? []);
  const gone = await findGone(bitrix24.batchRunner, dealType, stored, { mustRead: true });
  const putBack = await readPutBack(db, marks.former);
  let corrected = 0;
  for (const deal of claimed)
    if (await adoptDeal(deps, personOf(deal).id, { deal, isOurs: claimOf(deal) === "ours", gone, putBack }))
      corrected++;
  return corrected;
}

/**
 * Adopts contacts in the same way. A person who is linked to a contact that was not created here keeps it while it
 * exists, because that contact was matched or chosen.
 */
export const adoptContacts = (deps: Deps, found: (Marked & { id: number })[]): Promise<Adopted> =>
  adoptEach(deps, found, adoptContactsOf);

async function adoptContactsOf(deps: Deps, found: (Marked & { id: number })[]): Promise<number> {
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
  const stored = contacts.flatMap((contact) => personOf(contact)?.bitrix24ContactId ?? []);
  const gone = await findGone(bitrix24.batchRunner, contactType, stored, { mustRead: true });
  const ofPeople = contacts.flatMap((contact) => personOf(contact)?.bitrix24DealId ?? []);
  const deals = assertRead(await readEach(bitrix24.batchRunner, dealType, ofPeople));
  let corrected = 0;
  for (const contact of contacts) {
    const person = personOf(contact);
    if (!person) continue;
    const { bitrix24ContactId: own } = person;
    // A contact on the person's deal is no duplicate to be removed, even if it is not the deal's main contact.
    if (own && !gone.has(own) && contactIdsOf(deals.get(person.bitrix24DealId ?? 0)).includes(contact.id)) continue;
    const claim = contactClaim(marks, contact, person);
    if (await adoptContact(deps, person.id, { contactId: contact.id, claim, gone })) corrected++;
  }
  return corrected;
}

/** The remaining records of an erased person are left alone. */
const knownPersons = (db: Services["db"], records: Marked[]): Promise<Map<number, KnownPerson>> =>
  readKnownPersons(
    db,
    records.flatMap(({ originId }) => userIdOf(originId) ?? []),
  );

interface FoundDeal {
  deal: PortalDeal;
  /** The deal has an external id of this installation alone, not the legacy one. */
  isOurs: boolean;
  /** Stored ids of deals that no longer exist. */
  gone: Set<number>;
  putBack: PutBack;
}

async function adoptDeal(deps: Deps, userId: number, found: FoundDeal): Promise<boolean> {
  const { db, queue, log } = deps;
  const dealId = found.deal.id;
  return db.$transaction(async (tx) => {
    const user = await tx.user.findUnique({
      where: { id: userId, erasedAt: null },
      select: { id: true, bitrix24DealId: true, crmSale: true, crmState: true, crmProduct: true },
    });
    if (!user || user.bitrix24DealId === dealId) return false;
    if (user.bitrix24DealId !== null && found.gone.has(user.bitrix24DealId))
      return replaceGone({ ...deps, db: tx }, user, found);
    // A sale of the managers' own, which they have copied from the person's deal.
    if ((await findCopies({ ...deps, db: tx }, [found.deal])).has(dealId)) return false;
    if (found.isOurs) await noteMade(tx, userId, { dealId });
    if (settledSale(user.crmSale, user.bitrix24DealId)?.chosen) {
      await openConflict(tx, { kind: "DUPLICATE_DEAL", userId, portalId: dealId });
      return false;
    }
    const newer = user.bitrix24DealId === null ? null : Math.max(user.bitrix24DealId, dealId);
    if (newer !== null) await openConflict(tx, { kind: "DUPLICATE_DEAL", userId, portalId: newer });
    if (newer === dealId) return false;
    await tx.user.update({
      where: { id: userId },
      data: {
        bitrix24DealId: dealId,
        crmState: "PENDING",
        crmAttempts: 0,
        crmError: null,
        // Made in a state of this database that was lost: nothing tells what has become of its product row.
        ...(user.crmProduct === null ? { crmRowUncertain: true } : {}),
      },
    });
    // The snapshot belongs to the former deal.
    await tx.dealSnapshot.deleteMany({ where: { userId } });
    await queue.enqueue(tx, "crm-registration", userId, { priority: priorities.registration });
    log.info({ userId, dealId }, "orphaned deal adopted by its external id");
    return true;
  });
}

/**
 * Managers have restored the person's deal from the recycle bin, where it got a new id, or have deleted the one of two
 * deals that the row names, or the deal was made again in a state of this database that was lost. What was agreed and sold
 * goes on with a restored deal. Any other deal that took over our external id, as when ours was merged into it, is left to
 * an administrator.
 */
async function replaceGone(
  { db, queue, log }: Pick<Deps, "queue" | "log"> & { db: Tx },
  user: Pick<User, "id" | "bitrix24DealId" | "crmSale" | "crmState">,
  { deal, isOurs, putBack }: FoundDeal,
): Promise<boolean> {
  const { id: userId, bitrix24DealId: former } = user;
  const logged = (await loggedDeals(db, [userId])).get(userId) ?? { ids: [], sentAt: [] };
  const named = { ids: [...logged.ids, ...(former === null ? [] : [former])] };
  const made = madeBefore(deal, logged) ?? (isOfLostState(deal, named, putBack) ? "lost" : null);
  if (made === null) return false;
  if (isOurs) await noteMade(db, userId, { dealId: deal.id });
  await endConflicts(db, [userId], ["DEAL_DELETED"]);
  const sale = settledSale(user.crmSale, former);
  const isRestored = made === "restored" && !sale?.chosen;
  // Without a stored sale the deal may have been removed before it had its product.
  const resumes = !isRestored || user.crmState !== "SYNCED" || sale === null;
  await db.user.update({
    where: { id: userId },
    data: {
      bitrix24DealId: deal.id,
      // Nothing tells what became of the product row in the state that was lost.
      ...(made === "lost" ? { crmRowUncertain: true } : {}),
      ...(isRestored && sale ? { crmSale: { ...(user.crmSale as object), dealId: deal.id } } : {}),
      crmError: null,
      ...(resumes ? { crmState: "PENDING", crmAttempts: 0 } : {}),
    },
  });
  // The restored deal keeps its time of change; an empty time lets the next comparison read it all the same.
  const kept = await db.dealSnapshot.updateMany({
    where: { userId, stageId: isRestored ? deal.stageId : "" },
    data: { dealId: deal.id, updatedTime: "" },
  });
  if (kept.count === 0) await db.dealSnapshot.deleteMany({ where: { userId } });
  const job = resumes ? "crm-registration" : "crm-payment";
  await queue.enqueue(db, job, userId, { priority: priorities.registration });
  log.info({ userId, former, dealId: deal.id, made }, "deal adopted in place of one that is gone");
  return true;
}

async function adoptContact(
  { db, queue, log }: Deps,
  userId: number,
  { contactId, claim, gone }: { contactId: number; claim: Claim; gone: Set<number> },
): Promise<boolean> {
  if (!isOwn(claim)) return false;
  return db.$transaction(async (tx) => {
    const user = await tx.user.findUnique({
      where: { id: userId, erasedAt: null },
      select: { bitrix24ContactId: true },
    });
    if (!user || user.bitrix24ContactId === contactId) return false;
    if (claim === "ours") await noteMade(tx, userId, { contactId });
    const isGone = user.bitrix24ContactId !== null && gone.has(user.bitrix24ContactId);
    if (user.bitrix24ContactId !== null && !isGone) {
      await openConflict(tx, { kind: "DUPLICATE_CONTACT", userId, portalId: contactId });
      return false;
    }
    if (isGone) await endConflicts(tx, [userId], ["CONTACT_DELETED"]);
    await tx.user.update({ where: { id: userId }, data: { bitrix24ContactId: contactId, crmContactBy: "made" } });
    // A comparison tells whether the deal has the contact, which may have come back from the recycle bin alone.
    if (isGone) await queue.enqueue(tx, "crm-payment", userId, { priority: priorities.registration });
    log.info({ userId, contactId }, "orphaned contact adopted by its external id");
    return true;
  });
}

/**
 * Adopts the listed duplicates of contacts that are gone: managers have merged the two into the second one, or have deleted
 * the first. The second one was seen before, so no later look at contacts comes to it. Returns how many rows were corrected.
 * Throws Bitrix24Error if the portal does not answer.
 */
export async function adoptRemaining(deps: Deps): Promise<number> {
  const { db, bitrix24 } = deps;
  const duplicates = await db.conflict.findMany({
    where: { kind: "DUPLICATE_CONTACT", OR: standing },
    select: { portalId: true, userId: true, user: { select: { bitrix24ContactId: true } } },
  });
  const gone = new Set<number>();
  await inHalves(bitrix24.client, duplicates, async (group) => {
    const stored = group.flatMap(({ user }) => user.bitrix24ContactId ?? []);
    for (const id of await findGone(bitrix24.batchRunner, contactType, stored)) gone.add(id);
  });
  const remaining = duplicates.filter(({ user }) => gone.has(user.bitrix24ContactId ?? 0));
  if (remaining.length === 0) return 0;
  const found = remaining.map(({ portalId, userId }) => ({
    id: portalId,
    originatorId: "",
    originId: originId(userId),
  }));
  return (await adoptContacts(deps, found)).corrected;
}
