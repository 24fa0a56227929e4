import { z } from "zod";
import type { Outcome } from "../bitrix24/transport/batch";

/**
 * The documented shape of each method's answer, to report how a real portal differs. Registrations use more lenient
 * schemas: these say what we expect, not what we can handle.
 */

const id = z.number().int().positive();
const numeric = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]);
const one = z.looseObject({ item: z.looseObject({ id }) });
const productRow = z.looseObject({
  id,
  ownerId: id,
  productId: z.number().int(),
  price: z.number(),
  quantity: z.number(),
});
const nothing = z.union([z.array(z.unknown()).length(0), z.null(), z.object({}).strict()]);
const user = z.looseObject({ ID: numeric, ACTIVE: z.boolean() });

const shapes: Partial<Record<string, z.ZodType>> = {
  profile: z.looseObject({ ID: numeric, ADMIN: z.boolean() }),
  scope: z.array(z.string()),
  "server.time": z.iso.datetime({ offset: true }),
  "method.get": z.looseObject({ isExisting: z.boolean(), isAvailable: z.boolean() }),
  "user.current": user,
  "user.get": z.array(user),
  "crm.item.list": z.looseObject({ items: z.array(z.looseObject({ id })) }),
  "crm.item.get": one,
  "crm.item.add": one,
  "crm.item.update": one,
  "crm.item.delete": nothing,
  "crm.item.fields": z.looseObject({
    fields: z.record(z.string(), z.looseObject({ type: z.string(), isRequired: z.boolean() })),
  }),
  "crm.item.productrow.list": z.looseObject({ productRows: z.array(productRow) }),
  "crm.item.productrow.set": z.looseObject({ productRows: z.array(productRow) }),
  "crm.item.productrow.add": z.looseObject({ productRow }),
  "crm.duplicate.findbycomm": z.union([z.looseObject({ CONTACT: z.array(id) }), z.array(z.unknown()).length(0)]),
  "crm.category.list": z.looseObject({ categories: z.array(z.looseObject({ id: z.number().int() })) }),
  "crm.status.list": z.array(z.looseObject({ STATUS_ID: z.string() })),
  "crm.currency.list": z.array(z.looseObject({ CURRENCY: z.string() })),
  "crm.timeline.comment.add": numeric,
  "catalog.product.get": z.looseObject({ product: z.looseObject({ id, name: z.string() }) }),
  "catalog.price.list": z.looseObject({
    prices: z.array(z.looseObject({ price: numeric, currency: z.string(), catalogGroupId: id })),
  }),
  "catalog.priceType.list": z.looseObject({ priceTypes: z.array(z.looseObject({ id, base: z.enum(["Y", "N"]) })) }),
  "catalog.vat.list": z.looseObject({ vats: z.array(z.looseObject({ id, rate: z.union([numeric, z.null()]) })) }),
  "crm.contact.fields": z.record(z.string(), z.looseObject({ type: z.string(), isRequired: z.boolean() })),
  "crm.product.get": z.looseObject({ NAME: z.string(), PRICE: z.union([numeric, z.null()]) }),
};

export interface MethodReport {
  method: string;
  answers: number;
  /** Where an answer differs: the path, the expected type and the actual type. Never a value. */
  differences: string[];
  /** Codes of refusals. */
  refused: string[];
  /** The method's documented shape is not defined here. */
  unknown: boolean;
}

/** Compares answers with the documented shapes, method by method. */
export class AnswerShapes {
  readonly #methods = new Map<string, MethodReport>();

  note(method: string, outcome: Outcome<unknown>): void {
    const shape = shapes[method];
    const known = this.#methods.get(method);
    const report = known ?? { method, answers: 0, differences: [], refused: [], unknown: shape === undefined };
    if (!known) this.#methods.set(method, report);
    report.answers += 1;
    if (!outcome.ok) addOnce(report.refused, outcome.error.code);
    const parsed = outcome.ok ? shape?.safeParse(outcome.value, { reportInput: true }) : undefined;
    if (parsed && !parsed.success) for (const issue of flat(parsed.error.issues)) addOnce(report.differences, issue);
  }

  get all(): MethodReport[] {
    return [...this.#methods.values()].sort((a, b) => (a.method < b.method ? -1 : 1));
  }
}

function addOnce(list: string[], entry: string): void {
  if (!list.includes(entry)) list.push(entry);
}

/** For a union, the issues of the alternative that matches best. */
function flat(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap((issue) => {
    if (issue.code === "invalid_union" && issue.errors.length > 0) {
      const nearest = [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? [];
      return flat(nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })));
    }
    const expected = issue.code === "invalid_type" ? issue.expected : issue.code;
    return [`${placeOf(issue.path)}: expected ${expected}, found ${kindOf(issue.input)}`];
  });
}

/** List indexes are left out, so that many rows give one line. A portal's own field names are no personal data. */
const placeOf = (path: PropertyKey[]): string =>
  path.map((part) => (typeof part === "number" || /^\d+$/.test(String(part)) ? "[]" : `.${String(part)}`)).join("") ||
  ".";

const kindOf = (value: unknown): string => {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return value === undefined ? "nothing" : typeof value;
};
