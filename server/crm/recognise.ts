import type { FoundRecords } from "../bitrix24/existing-records";
import { lookUp } from "../bitrix24/look-up";
import { isMadeFor, type LinkedDeal } from "../bitrix24/made-for";
import { type Claim, claimOf, type Marks } from "../bitrix24/marks";
import { fitsAsSent, type PortalContact, type Sent } from "../bitrix24/match-contact";
import { type Entered, isOlderThan } from "../bitrix24/portal-clock";
import { foundMethod } from "../bitrix24/progress";
import { settledSale } from "../bitrix24/sale";
import { formerColumns, formerDetails } from "../corrections/former-details";
import type { Tx } from "../database/db";
import type { Services } from "../services";
import { findCopies } from "./made-deals";
import { loggedRecords } from "./made-records";

/** The fields of a registration by which its records are recognised. */
export interface KnownPerson extends Entered, Sent {
  id: number;
  bitrix24ContactId: number | null;
  bitrix24DealId: number | null;
}

const knownPersonColumns = {
  id: true,
  email: true,
  phone: true,
  bitrix24ContactId: true,
  bitrix24DealId: true,
  createdAt: true,
  insertedAt: true,
  ...formerColumns,
} as const;

/** Of these users, those who are not erased. */
export async function readKnownPersons(db: Tx, userIds: number[]): Promise<Map<number, KnownPerson>> {
  const rows = await db.user.findMany({
    where: { id: { in: userIds }, erasedAt: null },
    select: knownPersonColumns,
  });
  return new Map(rows.map((row) => [row.id, { ...row, formerly: formerDetails(row) }]));
}

/**
 * Who owns a contact: decided by its external id, which counts only if the contact also fits the person and is not older
 * than the person.
 */
export function contactClaim(
  marks: Marks,
  contact: PortalContact,
  person: Pick<KnownPerson, "id" | keyof Sent | keyof Entered>,
): Claim {
  if (isOlderThan(contact, person)) return "foreign";
  return fitsAsSent(contact, person) ? claimOf(marks, contact, person.id) : "foreign";
}

/** Who owns a deal, in the same way; a deal fits the person by its contacts. */
export function dealClaim(
  marks: Marks,
  deal: LinkedDeal,
  contacts: FoundRecords["contacts"],
  person: KnownPerson,
): Claim {
  const owner = { ...person, contactId: person.bitrix24ContactId };
  return isMadeFor(marks, deal, contacts, owner) ? claimOf(marks, deal, person.id) : "foreign";
}

/**
 * Looks for records on the portal that were created here but are not stored, for example by a request whose answer was
 * lost, and adds them to the log. Throws Bitrix24Error.
 */
export async function recogniseRecords(
  { db, bitrix24, env }: Pick<Services, "db" | "bitrix24" | "env">,
  userId: number,
): Promise<void> {
  const row = await db.user.findUnique({ where: { id: userId }, select: { ...knownPersonColumns, crmSale: true } });
  if (!row) return;
  const person = { ...row, formerly: formerDetails(row) };
  const marks = await bitrix24.marks();
  const asked = { ...person, userId, contactId: null, dealId: null, relatedContactIds: [] };
  const { contacts, deals } = await lookUp(bitrix24.batchRunner, marks, [asked]);
  for (const contact of contacts.values())
    if (contactClaim(marks, contact, person) === "ours") await noteMade(db, userId, { contactId: contact.id });
  const chosen = settledSale(person.crmSale, person.bitrix24DealId)?.chosen ? person.bitrix24DealId : null;
  // Merging and copying may have given our external id to a deal that was not created here.
  for (const deal of deals.values()) {
    if (deal.id === chosen || dealClaim(marks, deal, contacts, person) !== "ours") continue;
    if (!(await findCopies({ db, env }, [deal])).has(deal.id)) await noteMade(db, userId, { dealId: deal.id });
  }
}

/** Logs, at most once, that a record with our external id was created here although no answer confirmed it. */
export async function noteMade(
  db: Tx,
  userId: number,
  made: { contactId: number } | { dealId: number },
): Promise<void> {
  const { contacts, deals } = await loggedRecords(db, userId);
  if ("dealId" in made ? deals.includes(made.dealId) : contacts.includes(made.contactId)) return;
  await db.crmLog.create({
    data: { userId, method: foundMethod, outcome: "OK", durationMs: 0, attempt: 0, ...made },
    select: { id: true },
  });
}
