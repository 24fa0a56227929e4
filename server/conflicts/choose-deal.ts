import { z } from "zod";
import { portalCardUrl } from "../bitrix24/card-url";
import { dealType } from "../bitrix24/fields";
import { lookUp } from "../bitrix24/look-up";
import { isOfAnother, type Marks } from "../bitrix24/marks";
import { fitsBy } from "../bitrix24/match-contact";
import { restOfPages } from "../bitrix24/pages";
import { rowsOnDeals } from "../bitrix24/product";
import { contactIdsOf, figure, optionalId, parseRows, portalId, text } from "../bitrix24/responses";
import type { SettledSale } from "../bitrix24/sale";
import type { PortalCommand } from "../bitrix24/transport/batch";
import { Bitrix24Error } from "../bitrix24/transport/error";
import type { Tx } from "../database/db";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { notPossible } from "./already-resolved";
import { dismissed } from "./conflicts";

type Deps = Pick<Services, "db" | "bitrix24">;

/** A deal on the portal into which the person's deal may have been merged. */
export interface OpenDeal {
  id: number;
  title: string;
  stageId: string;
  currency: string;
  amount: number | null;
  url: string;
}

const row = z.object({
  id: portalId,
  title: text,
  stageId: text,
  stageSemanticId: text,
  currencyId: text,
  opportunity: figure,
  originatorId: text,
  originId: text,
  contactId: optionalId,
  contactIds: z.array(optionalId).nullish().catch(null),
});

/**
 * Reads from the portal the open deals of a person's contacts: of the stored contact, and of contacts with the person's
 * external id, e-mail or phone, since managers merge contacts as they merge deals. Deals of other registrations are
 * left out. Throws Bitrix24Error, and NOT_FOUND unless the conflict is about a deleted deal.
 */
export async function listOpenDeals(
  deps: Deps,
  conflictId: number,
): Promise<{ userId: number; deals: OpenDeal[]; dismissed: boolean }> {
  const { db, bitrix24 } = deps;
  const conflict = await db.conflict.findUnique({
    where: { id: conflictId },
    select: { kind: true, userId: true, resolution: true },
  });
  if (conflict?.kind !== "DEAL_DELETED") throw new AppError("NOT_FOUND");
  const { userId } = conflict;
  const contactIds = await contactsOf(deps, userId);
  const marks = await bitrix24.marks();
  const found = await dealsOf(bitrix24, contactIds);
  const others = await db.user.findMany({
    where: { bitrix24DealId: { in: found.map(({ id }) => id) }, id: { not: userId } },
    select: { bitrix24DealId: true },
  });
  const taken = new Set(others.map(({ bitrix24DealId }) => bitrix24DealId));
  const deals = found.filter((deal) => isFree(deal, userId, { marks, taken, contactIds }));
  return {
    userId,
    dismissed: conflict.resolution === dismissed,
    deals: deals.map(({ id, title, stageId, currencyId, opportunity }) => ({
      id,
      title,
      stageId,
      currency: currencyId,
      amount: opportunity,
      url: portalCardUrl(bitrix24.client.host, "deal", id),
    })),
  };
}

/** The portal may ignore a filter that it does not know, so each row is checked against the filter. */
const isFree = (
  deal: z.output<typeof row>,
  userId: number,
  { marks, taken, contactIds }: { marks: Marks; taken: Set<number | null>; contactIds: number[] },
): boolean =>
  deal.stageSemanticId === "P" &&
  contactIdsOf(deal).some((id) => contactIds.includes(id)) &&
  !taken.has(deal.id) &&
  !isOfAnother(marks, deal, userId);

async function contactsOf({ db, bitrix24 }: Deps, userId: number): Promise<number[]> {
  const person = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { email: true, phone: true, bitrix24ContactId: true },
  });
  const own = person.bitrix24ContactId;
  const sought = { ...person, userId, contactId: null, dealId: null, relatedContactIds: own === null ? [] : [own] };
  const { contacts } = await lookUp(bitrix24.batchRunner, await bitrix24.marks(), [sought]);
  return [...contacts.values()].filter((contact) => contact.id === own || fitsBy(contact, person)).map(({ id }) => id);
}

/** Also finds deals on which the contact is not the main one, unless the portal does not know that filter. */
async function dealsOf({ batchRunner }: Deps["bitrix24"], contactIds: number[]): Promise<z.output<typeof row>[]> {
  if (contactIds.length === 0) return [];
  const parse = (raw: unknown) => parseRows("crm.item.list", row, raw);
  const commands = ["@contactIds", "@contactId"].map(
    (field): PortalCommand => ({
      kind: "read",
      method: "crm.item.list",
      params: {
        entityTypeId: dealType,
        filter: { [field]: contactIds, "=stageSemanticId": "P" },
        select: Object.keys(row.shape),
        order: { id: "ASC" },
        start: -1,
      },
    }),
  );
  const outcomes = await batchRunner.send(commands);
  const found = new Map<number, z.output<typeof row>>();
  for (const [place, outcome] of outcomes.entries()) {
    if (!outcome.ok) continue;
    const first = parse(outcome.value);
    for (const deal of [
      ...first.rows,
      ...(await restOfPages(batchRunner, commands[place] as PortalCommand, first, parse)),
    ])
      found.set(deal.id, deal);
  }
  const [refused] = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
  if (refused && outcomes.every(({ ok }) => !ok)) throw refused;
  return [...found.values()];
}

/**
 * What the deal sells that an administrator has chosen, in the form that is stored with the user. CONFLICT if the deal
 * is not, or no longer, among those to choose from. Throws Bitrix24Error.
 */
export async function chosenSale(deps: Deps, conflictId: number, dealId: number): Promise<SettledSale> {
  const { userId, deals } = await listOpenDeals(deps, conflictId);
  const deal = deals.find(({ id }) => id === dealId);
  if (!deal) throw notPossible();
  const rows = (await rowsOnDeals(deps.bitrix24.batchRunner, [{ userId, dealId, isolated: false }])).get(userId);
  if (rows instanceof Bitrix24Error) throw rows;
  const { currency, amount } = deal;
  return { dealId, currency, amount, rows: rows ?? [], chosen: true };
}

/**
 * Stores the chosen deal as the person's. If the same deal is chosen for two people at the same time, only the first
 * gets it: CONFLICT for the second.
 */
export async function takeDeal(tx: Tx, userId: number, sale: SettledSale): Promise<void> {
  const { dealId } = sale;
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('chosen deal'), ${dealId}::int)`;
  if ((await tx.user.count({ where: { bitrix24DealId: dealId, id: { not: userId } } })) > 0) throw notPossible();
  await tx.user.update({
    where: { id: userId },
    data: {
      bitrix24DealId: dealId,
      crmError: null,
      crmSale: { ...sale, rows: [...sale.rows.map((row) => ({ ...row }))] },
    },
  });
  // One whose deals the portal removed at once has arrived only now.
  await tx.user.updateMany({
    where: { id: userId, crmState: "SYNCED", crmSyncedAt: null },
    data: { crmSyncedAt: new Date() },
  });
  // The snapshot belongs to the deleted deal.
  await tx.dealSnapshot.deleteMany({ where: { userId } });
}
