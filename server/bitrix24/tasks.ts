import type { Logger } from "../platform/log";
import type { CrmSettings } from "./crm-settings";
import { registrationTitle } from "./deal-title";
import { fitted } from "./field-lengths";
import {
  clippedFields,
  contactFields,
  contactType,
  dealFields,
  dealType,
  missingPhone,
  productRow,
  tooLongCommunications,
} from "./fields";
import type { PortalItem } from "./items";
import type { PlacedRule } from "./mapped-fields";
import { givesPhone, type Match, type PortalContact } from "./match-contact";
import { plainFields } from "./ornaments";
import { originId, type Person, travel } from "./person";
import type { ProductInfo } from "./product-info";
import { addMethod, addRowMethod, type Failure, type StepResult, setRowMethod, updateMethod } from "./progress";
import {
  addedProductRow,
  createdDeal,
  createdItem,
  parseAnswer,
  productReplaced,
  productRows,
  unproven,
} from "./responses";
import { type SettledSale, type SoldRow, sameRow } from "./sale";
import type { PortalCommand } from "./transport/batch";

/** One person's part of a phase: the command, and the result if the portal executes it. */
export interface Task<P extends { userId: number } = Person> {
  person: P;
  /** Null: no command is needed, `result` is true already. */
  command: PortalCommand | null;
  /** The result of the command, without the id of a created record. */
  result: StepResult;
  /** A refusal is no failure: `result` is used all the same. */
  optional?: boolean;
  /** The product of a new deal or row; the answer must contain the same. */
  product?: ProductInfo;
  /** Takes the record as the answer to an update shows it. */
  shown?: (item: PortalItem) => void;
  /** Of a command that writes the product row: whether it was uncertain before, see Person. */
  rowUncertain?: boolean;
}

export type WithContact = Person & { contactId: number };
export type WithDeal = WithContact & { dealId: number };

export interface Making {
  settings: CrmSettings;
  /** What the deals sell. */
  product: ProductInfo;
  /** ORIGINATOR_ID of created records. */
  originatorId: string;
  /** Which value goes to which further field. */
  rules: PlacedRule[];
  log: Logger;
}

export function addContact<P extends Person>(person: P, { settings, originatorId, rules, log }: Making): Task<P> {
  for (const field of clippedFields(person))
    log.info({ userId: person.userId, field }, "text was clipped to the portal's limit");
  for (const field of tooLongCommunications(person))
    log.info({ userId: person.userId, field }, "text was left out, because the portal's field has no room for it");
  for (const field of person.leftOut)
    log.info({ userId: person.userId, field }, "text was left out, because the portal refuses it");
  const fields = contactFields(person, settings, { originatorId, rules });
  return {
    person,
    command: {
      kind: "contact.add",
      method: addMethod,
      params: { entityTypeId: contactType, fields: plainFields(fields, person.leftOut, fitted("name", person.email)) },
      ...travel(person),
    },
    result: { contactBy: "made" },
  };
}

/**
 * Links an existing contact; what a visitor typed changes nothing in it. Only a person who has confirmed the e-mail by
 * which the contact was found may add a phone, and only to a contact without one.
 */
export function linkContact<P extends Person>(person: P, { contact, by }: Match): Task<P> {
  const contactBy = by === "email" && person.emailConfirmed ? "confirmed" : by;
  const result = { contactId: contact.id, contactBy } as const;
  if (!givesPhone(person, { contact, by })) return { person, command: null, result };
  return { ...givePhone(person, contact.id), result };
}

/**
 * Adds the person's phone to a contact without one. If the portal refuses the change, the contact is still the right
 * one.
 */
export const givePhone = <P extends { userId: number; phone: string; isolated?: boolean }>(
  person: P,
  contactId: number,
): Task<P> => ({
  person,
  command: {
    kind: "contact.update",
    method: updateMethod,
    params: { entityTypeId: contactType, id: contactId, fields: missingPhone(person) },
    isolated: person.isolated ?? false,
    lenient: true,
  },
  result: { contactBy: "confirmed" },
  optional: true,
});

export function addDeal<P extends WithContact>(
  person: P,
  { settings, product, originatorId, rules }: Making,
  linked: PortalContact | null,
): Task<P> {
  const fields = dealFields(person, settings, { originatorId, product, linked, rules });
  return {
    person,
    command: {
      kind: "deal.add",
      method: addMethod,
      params: { entityTypeId: dealType, fields: plainFields(fields, person.leftOut, registrationTitle(person)) },
      ...travel(person),
    },
    result: { rowUncertain: false },
    product,
  };
}

/** Gives the new contact to a deal whose own contact was deleted. */
export const relinkDeal = <P extends WithContact>(person: P, dealId: number): Task<P> => ({
  person,
  command: {
    kind: "deal.update",
    method: updateMethod,
    params: { entityTypeId: dealType, id: dealId, fields: { contactIds: [person.contactId] } },
    ...travel(person),
  },
  result: { dealId },
});

/** The step that gives a deal of a lost registration to the person who has registered again. */
export const adoptStep = "deal.adopt";

/** Writes the person's external id on such a deal; nothing else in it is changed. */
export const adoptDeal = <P extends WithContact>(person: P, dealId: number, { originatorId }: Making): Task<P> => ({
  person,
  command: {
    kind: adoptStep,
    method: updateMethod,
    params: {
      entityTypeId: dealType,
      id: dealId,
      fields: { originatorId, originId: originId(person.userId) },
    },
    ...travel(person),
  },
  // Created here in an earlier state of this database, which the log of the present one must say. It sold our product then.
  result: { dealId, found: { dealId }, rowUncertain: true },
});

export type DealOwner = Pick<Person, "userId" | "isolated" | "refusedBefore" | "rowAttempts" | "rowUncertain"> & {
  dealId: number;
};

/** How many answered attempts to add the row beside other rows may fail to show it. */
const mostAdds = 2;

/**
 * Gives a deal its product row: nothing if the row exists, `set` (which may be repeated) on a deal without rows, and
 * `add` beside other rows, which `set` would delete. `amount` is the deal's amount, if it was created in this attempt:
 * our product beside others on it is a robot's, and another price of it is listed by the next reconciliation.
 *
 * A portal that replaces our product with another leaves a row that looks like ours. If it is the only row, it is set
 * once more. Beside other rows nothing is added, since each attempt would leave another row.
 *
 * If the answer about the product was lost and other rows exist, a manager may have replaced the row: nothing is
 * written, and the next reconciliation lists the deal's products for a decision instead.
 */
export function rowTask<P extends DealOwner>(
  person: P,
  present: SoldRow[],
  product: ProductInfo,
  amount: number | null,
): Task<P> | Failure<P> {
  // With further rows the amount may follow from them.
  const sale = { dealId: person.dealId, currency: "USD", amount: present.length > 0 ? null : amount, rows: present };
  const result = { done: true, sale };
  if (present.some(({ productId }) => productId === product.id))
    return { person, command: null, result: amount === null ? result : asSent(result, product) };
  if (present.length > 0 && person.rowUncertain) return { person, command: null, result: asSent(result, product) };
  const owner = { ownerType: "D", ownerId: person.dealId };
  const row = productRow(product);
  const replaced = person.rowAttempts > 0 ? present.filter((each) => looksLike(each, product)) : [];
  const hasOthers = present.length > replaced.length;
  if (hasOthers && (replaced.length > 0 || person.rowAttempts >= mostAdds))
    return { person, error: productReplaced(addRowMethod, "no").with({ step: "row.add" }) };
  const [kind, method, params] = hasOthers
    ? (["row.add", addRowMethod, { fields: { ...owner, ...row } }] as const)
    : (["row.set", setRowMethod, { ...owner, productRows: [row] }] as const);
  const { rowUncertain } = person;
  return { person, command: { kind, method, params, ...travel(person) }, result, product, rowUncertain };
}

const asSent = <R extends { sale: SettledSale }>(result: R, product: ProductInfo): R => ({
  ...result,
  sale: { ...result.sale, rows: [productRow(product)] },
});

/** Whether a row may be our row with a replaced product: another product at our price. */
const looksLike = ({ price, quantity }: SoldRow, { priceUsd }: ProductInfo): boolean =>
  (price === null || Math.round(price * 100) === Math.round(priceUsd * 100)) && (quantity ?? 1) === 1;

/** Parses the answer to a task's command. Throws Bitrix24Error if it cannot be understood. */
export function readAnswer(
  { person, command, result, product, shown }: Task<{ userId: number }> & { command: PortalCommand },
  value: unknown,
  log: Logger,
): StepResult {
  const { kind, method } = command;
  switch (kind) {
    case "contact.add":
      return { ...result, contactId: parseAnswer(method, createdItem, value).item.id };
    case "deal.add": {
      const { item } = parseAnswer(method, createdDeal, value);
      // What the answer does not tell is not taken for another amount.
      const differs =
        (item.currencyId !== "" && item.currencyId !== "USD") ||
        (item.opportunity !== null &&
          Math.round(item.opportunity * 100) !== Math.round((product?.priceUsd ?? 0) * 100));
      if (differs)
        log.warn(
          { userId: person.userId, dealId: item.id, currency: item.currencyId },
          "the portal stored another amount than was sent",
        );
      return { ...result, dealId: item.id, ...(item.assignedById ? { responsibleId: item.assignedById } : {}) };
    }
    case "row.add":
    case "row.set": {
      const stored = parseAnswer(method, kind === "row.add" ? addedProductRow : productRows, value).productRows;
      const ours = product && stored.find((row) => row.productId === product.id);
      // Some portals answer with nothing: only the row in the answer proves that it exists.
      if (!ours) throw stored.length > 0 ? productReplaced(method) : unproven(method);
      const sent = productRow(product);
      if (!sameRow(ours, sent))
        log.warn({ userId: person.userId, dealId: result.sale?.dealId }, "the portal stored another row than was sent");
      if (!result.sale) return result;
      // The registration sold what was sent: the next reconciliation lists a difference for a decision.
      const rows = stored.map((row) => (row === ours && !sameRow(ours, sent) ? sent : row));
      // `set` has replaced the deal's earlier rows.
      return { ...result, sale: { ...result.sale, rows: kind === "row.set" ? rows : [...result.sale.rows, ...rows] } };
    }
    // The older methods answer with true alone.
    case "contact.mend":
      return result;
    default:
      shown?.(parseAnswer(method, createdItem, value).item);
      return result;
  }
}
