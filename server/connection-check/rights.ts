import { z } from "zod";
import { contactType } from "../bitrix24/fields";
import { rowMethods } from "../bitrix24/progress";
import { anything } from "../bitrix24/responses";
import { neededScopes, usefulScopes } from "../bitrix24/scopes";
import type { Command, Outcome } from "../bitrix24/transport/batch";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { isNo, isYes } from "../bitrix24/yes-no";
import { dayMs } from "../platform/time-zone";
import type { Services } from "../services";
import { type Check, check, refused } from "./check";
import { type Asked, type CheckDeps, type Read, reader, readOutcome, writingMethods } from "./questions";

const profile = z.object({
  ID: z.coerce.string(),
  ADMIN: anything.transform(isYes),
});
const listed = z.object({ items: z.array(z.object({ id: z.coerce.number() })) });
const methodAnswer = z.object({ isExisting: anything });

export function credentials(read: Read): Check {
  const owner = read("profile", profile);
  if (owner instanceof Bitrix24Error) return refused("credentials", owner, "fail");
  return check("credentials", "ok", { userId: owner.ID });
}

export function scopes(read: Read): Check {
  const granted = read("scope", z.array(z.string()));
  // Other requests still work; a missing scope shows there.
  if (granted instanceof Bitrix24Error) return refused("scopes", granted, "warn");
  const needed = neededScopes.filter((scope) => !granted.includes(scope));
  if (needed.length > 0) return check("scopes", "fail", { missing: needed.join(", ") });
  const useful = usefulScopes.filter((any) => !any.some((scope) => granted.includes(scope)));
  return useful.length > 0
    ? check("scopes", "warn", { missing: useful.map(([name]) => name).join(", ") })
    : check("scopes", "ok");
}

const unknownKinds = ["NOT_FOUND", "ENTITY_TYPE_NOT_SUPPORTED", "ERROR_METHOD_NOT_FOUND"];

/** Each registration looks for an existing contact and deal. An old on-premise portal may lack these methods. */
export function reading(id: "contacts" | "deals", asked: Asked): Check {
  const list = reader(asked)(id, listed);
  if (list instanceof Bitrix24Error)
    return unknownKinds.includes(list.code) ? check(id, "fail", { old: 1 }) : refused(id, list, "fail");
  return list.items.length === 0 && mayReadNothing(id, asked)
    ? check(id, "fail", { code: "ACCESS_DENIED" })
    : check(id, "ok");
}

/**
 * Some portals answer a user without read access with an empty list. Field descriptions need the same right, unless
 * that method is closed altogether.
 */
function mayReadNothing(id: "contacts" | "deals", { fields: [contact, deal], answers }: Asked): boolean {
  const denied = (outcome: typeof contact) => outcome?.ok === false && outcome.error.code === "ACCESS_DENIED";
  const [own, other] = id === "contacts" ? [contact, deal] : [deal, contact];
  return denied(own) && (!denied(other) || !answers.duplicates.ok);
}

/** A rejected look-up stops every registration: without it a known customer would get a second contact. */
export function duplicates(read: Read): Check {
  const found = read("duplicates", z.unknown());
  if (!(found instanceof Bitrix24Error)) return check("duplicates", "ok");
  // The older methods have no error code for this case.
  return check("duplicates", "fail", found.code === "EMPTY_CODE" ? { closed: 1 } : { code: found.code });
}

/** What a deal and a contact of the portal tell when they are read. Null: there is none to be read. */
export interface Samples {
  rows: Outcome<unknown> | null;
  contact: Outcome<unknown> | null;
}

/** Reads the products of a deal, and a contact that has a phone, in one request. */
export async function readSamples({ bitrix24 }: CheckDeps, read: Read): Promise<Samples> {
  const deals = read("deals", listed);
  const phones = read("phones", listed);
  const contactId = phones instanceof Bitrix24Error ? undefined : phones.items[0]?.id;
  const ofDeal: Command[] =
    deals instanceof Bitrix24Error
      ? []
      : [
          {
            method: "crm.item.productrow.list",
            params: { filter: { "=ownerType": "D", "=ownerId": deals.items[0]?.id ?? 0 }, order: { id: "asc" } },
          },
        ];
  const ofContact: Command[] =
    contactId === undefined
      ? []
      : [
          {
            method: "crm.item.list",
            params: { entityTypeId: contactType, filter: { "@id": [contactId] }, select: ["*"], start: -1 },
          },
        ];
  const commands = [...ofDeal, ...ofContact];
  const outcomes = commands.length > 0 ? await batchOrRefusal(bitrix24, commands) : [];
  return {
    rows: (ofDeal.length > 0 ? outcomes[0] : null) ?? null,
    contact: (ofContact.length > 0 ? outcomes[ofDeal.length] : null) ?? null,
  };
}

async function batchOrRefusal({ client }: CheckDeps["bitrix24"], commands: Command[]): Promise<Outcome<unknown>[]> {
  try {
    return await client.batch(commands);
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) throw error;
    return commands.map(() => ({ ok: false, error }));
  }
}

const samples = z.object({ items: z.array(z.object({ fm: anything })) });

/**
 * An older on-premise portal stores contacts without the phones and e-mails that are sent, and tells none: known customers
 * would not be recognised. Only a contact that has a phone proves it.
 */
export function communications(contacts: Check, { contact }: Samples): Check {
  if (contacts.state !== "ok" || !contact) return contacts;
  const told = readOutcome("crm.item.list", contact, samples);
  const [first] = told instanceof Bitrix24Error ? [] : told.items;
  return first && (first.fm === undefined || first.fm === null) ? check("contacts", "fail", { old: 1 }) : contacts;
}

/** Read from an existing deal that may be read; without one, a rejection proves nothing. */
export function rows(read: Read, { rows: outcome }: Samples): Check {
  const deals = read("deals", listed);
  if (deals instanceof Bitrix24Error || !outcome) return check("rows", "skip");
  const dealId = deals.items[0]?.id;
  if (outcome.ok) return check("rows", "ok");
  const { error } = outcome;
  if (unknownKinds.includes(error.code))
    return check("rows", dealId || error.code !== "NOT_FOUND" ? "fail" : "warn", { old: 1 });
  const proven = dealId !== undefined && (error.kind === "blocked" || error.kind === "refused");
  return refused("rows", error, proven ? "fail" : "warn");
}

const provenMs = 30 * dayMs;

/**
 * Whether contacts, deals and rows may be created. No method tells this for an employee: an administrator may, and so
 * may a user who did recently. A method that the portal lacks is missing for all.
 */
export async function writing({ db }: CheckDeps, read: Read): Promise<Check> {
  const missing = (["add", "update", "set"] as const).flatMap((question, index) => {
    const state = read(question, methodAnswer);
    return !(state instanceof Bitrix24Error) && isNo(state.isExisting) ? [writingMethods[index]] : [];
  });
  if (missing.length > 0) return check("writing", "fail", { missing: missing.join(", ") });
  const owner = read("profile", profile);
  if (!(owner instanceof Bitrix24Error) && owner.ADMIN) return check("writing", "ok", { admin: 1 });
  return (await hasWritten(db)) ? check("writing", "ok", { proven: 1 }) : check("writing", "warn");
}

async function hasWritten(db: Services["db"] | undefined): Promise<boolean> {
  if (!db) return false;
  const since = new Date(Date.now() - provenMs);
  // Beside the products of a robot the row is added.
  const where = { method: { in: rowMethods }, outcome: "OK", at: { gt: since } } as const;
  return (await db.crmLog.findFirst({ where, select: { id: true } })) !== null;
}

/**
 * Whether contacts and deals of others are visible. If the webhook's user sees only their own, an existing deal may be
 * invisible, and would be created a second time, and so would the contact of a known customer. No method tells of this
 * right, except that an administrator has it: only a visible record proves it.
 */
export function visibility(read: Read): Check {
  const owner = read("profile", profile);
  if (!(owner instanceof Bitrix24Error) && owner.ADMIN) return check("visibility", "ok");
  const unseen: Check["facts"] = {};
  for (const [name, question] of [
    ["contacts", "othersContacts"],
    ["deals", "othersDeals"],
  ] as const) {
    const seen = read(question, listed);
    if (seen instanceof Bitrix24Error) return refused("visibility", seen, "warn");
    if (seen.items.length === 0) unseen[name] = 1;
  }
  return check("visibility", Object.keys(unseen).length > 0 ? "warn" : "ok", unseen);
}
