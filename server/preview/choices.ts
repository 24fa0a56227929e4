import { z } from "zod";
import type { Bitrix24 } from "../bitrix24/bitrix24";
import { semanticColumns, semanticOf } from "../bitrix24/funnel-stages";
import { anything, parseAnswer, text } from "../bitrix24/responses";
import type { Command, Outcome } from "../bitrix24/transport/batch";
import { isNo } from "../bitrix24/yes-no";

/**
 * What the portal offers for the settings. A list is null where the portal does not tell it to this webhook, and where it
 * is longer than what is read: to choose from a part of it would keep the rest from being chosen.
 */
export interface PortalChoices {
  funnels: { id: number; name: string }[] | null;
  /** Of all funnels; `funnel` is the number of theirs. */
  stages: { id: string; name: string; funnel: number; lost: boolean }[] | null;
  sources: { id: string; name: string }[] | null;
  employees: Employee[] | null;
  /** What is known of the present responsible persons, who may have left or be beyond the end of the list. */
  assigned: Employee[] | null;
  products: { id: number; name: string }[] | null;
}

export interface Employee {
  id: number;
  name: string;
  active: boolean;
}

const categories = z.object({ categories: z.array(z.object({ id: z.coerce.number(), name: text })) });
const statuses = z.array(
  z.object({
    ENTITY_ID: text,
    STATUS_ID: text,
    NAME: text,
    ...semanticColumns,
  }),
);
const users = z.array(z.object({ ID: z.coerce.number(), NAME: text, LAST_NAME: text, ACTIVE: anything }));
const catalogs = z.object({
  catalogs: z.array(z.object({ iblockId: z.coerce.number(), productIblockId: anything })),
});
const product = z.array(
  z.object({ id: z.coerce.number(), name: text, active: anything, type: z.coerce.number().catch(1) }),
);
const products = z.union([
  z.object({ products: product }).transform((answer) => answer.products),
  z.object({ offers: product }).transform((answer) => answer.offers),
]);

/** The catalogue's types of products that are only the parents of their variations. */
const parentKinds = [3, 6];

const pageSize = 50;
/** Of employees, and of each catalogue; a list of which the last page is full goes on. */
const readPages = [0, pageSize];

const employeePage = (start: number): Command => ({
  method: "user.get",
  params: { filter: { ACTIVE: true }, sort: "ID", order: "ASC", start },
});

const questions: Command[] = [
  { method: "crm.category.list", params: { entityTypeId: 2 } },
  { method: "crm.status.list", params: { order: { SORT: "ASC" } } },
  { method: "catalog.catalog.list", params: {} },
  ...readPages.map(employeePage),
];

/** What the webhook may do. Throws Bitrix24Error. */
export async function readScopes({ client }: Bitrix24): Promise<string[]> {
  const method = "scope";
  return parseAnswer(method, z.array(z.string()), (await client.call(method)).result);
}

/** Reads the lists in two requests; the names of `responsible` too, who may have left. Throws Bitrix24Error. */
export async function readChoices({ client }: Bitrix24, responsible: number[]): Promise<PortalChoices> {
  const named = responsible.length > 0 ? [{ method: "user.get", params: { filter: { "@ID": responsible } } }] : [];
  const [funnels, lists, goods, ...people] = await client.batch([...questions, ...named]);
  const { employees, assigned } = employeesOf(people.map((outcome) => read(users, outcome)));
  const all = read(statuses, lists);
  const stages = all?.filter(({ ENTITY_ID }) => /^DEAL_STAGE(_\d+)?$/.test(ENTITY_ID));
  return {
    funnels: read(categories, funnels)?.categories ?? null,
    stages:
      stages?.map(({ ENTITY_ID, STATUS_ID, NAME, ...semantics }) => ({
        id: STATUS_ID,
        name: NAME,
        funnel: Number(ENTITY_ID.replace(/\D/g, "") || 0),
        lost: semanticOf(semantics) === "F",
      })) ?? null,
    sources:
      all?.filter(({ ENTITY_ID }) => ENTITY_ID === "SOURCE").map(({ STATUS_ID: id, NAME: name }) => ({ id, name })) ??
      null,
    employees,
    assigned,
    products: await readProducts(client, read(catalogs, goods)?.catalogs ?? []),
  };
}

function employeesOf(pages: (z.output<typeof users> | null)[]): Pick<PortalChoices, "employees" | "assigned"> {
  if (!pages[0]) return { employees: null, assigned: null };
  const goesOn = pages[readPages.length - 1]?.length === pageSize;
  const byId = new Map(pages.flatMap((page) => page ?? []).map((user) => [user.ID, user]));
  const known = [...byId.values()].map(({ ID, NAME, LAST_NAME, ACTIVE }) => ({
    id: ID,
    name: [NAME, LAST_NAME].filter(Boolean).join(" ") || String(ID),
    active: !isNo(ACTIVE),
  }));
  return { employees: goesOn ? null : known, assigned: known };
}

/** What each catalogue sells, variations included; parents cannot be sold. Null if nothing can be read. */
async function readProducts(
  client: Bitrix24["client"],
  lists: { iblockId: number; productIblockId?: unknown }[],
): Promise<PortalChoices["products"]> {
  if (lists.length === 0) return null;
  const commands = lists.flatMap(({ iblockId, productIblockId }) =>
    readPages.map((start) => ({
      method: productIblockId ? "catalog.product.offer.list" : "catalog.product.list",
      params: {
        select: ["id", "iblockId", "name", "active", "type"],
        filter: { iblockId },
        order: { name: "asc", id: "asc" },
        start,
      },
    })),
  );
  const pages = (await client.batch(commands)).map((outcome) => read(products, outcome) ?? []);
  // Counted with what is switched off, which fills the pages as well.
  const goesOn = pages.some(
    (page, index) => index % readPages.length === readPages.length - 1 && page.length >= pageSize,
  );
  if (goesOn) return null;
  const sold = pages.flat().filter(({ type, active }) => !isNo(active) && !parentKinds.includes(type));
  return [...new Map(sold.map(({ id, name }) => [id, { id, name }])).values()];
}

/** Null for a refusal, and for an answer that cannot be understood: the setting is then typed in. */
function read<T extends z.ZodType>(schema: T, outcome: Outcome<unknown> | undefined): z.output<T> | null {
  return outcome?.ok ? (schema.safeParse(outcome.value).data ?? null) : null;
}
