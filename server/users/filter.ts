import { cleanText } from "../platform/clean-text";
import { maxId } from "../platform/ids";
import { clickKeys } from "../platform/utm-keys";

/** Which people a list shows, as its address says it. Free of the database, so that pages build links with it. */

export const userSorts = ["newest", "oldest", "paid"] as const;
export const userCrmStates = ["pending", "synced", "failed"] as const;

export type UserSort = (typeof userSorts)[number];
export type UserCrmState = (typeof userCrmStates)[number];

/** Stands for "came without a mark"; a name that no campaign uses. */
export const noSource = "(none)";

export interface UserFilter {
  /** Words that all occur in name, e-mail or phone; empty: everybody. */
  q: string;
  paid: boolean | null;
  /** Whether the e-mail is confirmed. */
  confirmed?: boolean | undefined;
  crm: UserCrmState | null;
  /** First-touch source, or `noSource`. */
  source: string | null;
  /** First and last day of registering, YYYY-MM-DD by the installation's zone, as the overview counts them. */
  from: string | null;
  to: string | null;
  sort: UserSort;
}

/** The edge of a page: the row that was shown last (`after`) or first (`before`), by its sort key and id. */
export interface UserCursor {
  direction: "after" | "before";
  key: number;
  id: number;
}

export interface UserQuery {
  filter: UserFilter;
  cursor: UserCursor | null;
  /** Parameters that were not understood and therefore left out, by name. */
  ignored: string[];
}

export const everybody: UserFilter = {
  q: "",
  paid: null,
  crm: null,
  source: null,
  from: null,
  to: null,
  sort: "newest",
};

/** As the page writes it, and as programs would. */
const answers = new Map([
  ["yes", true],
  ["true", true],
  ["1", true],
  ["no", false],
  ["false", false],
  ["0", false],
]);

const maxText = 100;
const maxTime = 8.64e15;
const known = new Set(["q", "paid", "confirmed", "crm", "source", "from", "to", "sort", "after", "before"]);
/** Marks that a link from a mail or an advertisement carries; they mean nothing here and deserve no word. */
const marks = new RegExp(`^(utm_\\w+|${clickKeys.join("|")})$`, "i");

/** Reads an address leniently: what is not understood is left out and named, never an error. */
export function parseUserQuery(params: URLSearchParams, others: readonly string[] = []): UserQuery {
  const ignored = [...new Set(params.keys())].filter(
    (name) => !known.has(name) && !others.includes(name) && !marks.test(name),
  );
  /** The parameter's value as `read` understands it; a blank one counts as left out. */
  const take = <T>(name: string, read: (text: string) => T | null): T | null => {
    const text = clean(params.get(name) ?? "");
    if (text === "") return null;
    const value = read(text);
    if (value === null) ignored.push(name);
    return value;
  };

  const q = cleanText(clean(params.get("q") ?? ""));
  if (q.length > maxText) ignored.push("q");
  const paid = take("paid", (text) => answers.get(text) ?? null);
  const filter: UserFilter = {
    q: q.slice(0, maxText),
    paid,
    confirmed: take("confirmed", (text) => answers.get(text) ?? null) ?? undefined,
    crm: take("crm", (text) => userCrmStates.find((state) => state === text) ?? null),
    source: take("source", (text) => (text.length <= 255 ? text : null)),
    from: take("from", day),
    to: take("to", day),
    sort: take("sort", (text) => userSorts.find((sort) => sort === text) ?? null) ?? "newest",
  };
  // Where nobody has paid there is no day of payment. And no index can sort the people of one month by another month's
  // payments, so that list would read all of them.
  if (filter.sort === "paid" && (paid === false || (filter.from ?? filter.to) !== null)) {
    filter.sort = "newest";
    ignored.push("sort");
  }
  const after = take("after", (text) => cursor("after", text));
  const before = take("before", (text) => cursor("before", text));
  return { filter, cursor: after ?? before, ignored: ignored.slice(0, 10) };
}

const answer = (value: boolean | null | undefined) => (value == null ? null : value ? "yes" : "no");

/** The address's query for a filter and, where it is not the first, a page; without what is the default. */
export function userSearch(filter: UserFilter, cursor: UserCursor | null = null): string {
  const params = new URLSearchParams(filterFields(filter));
  if (cursor) params.set(cursor.direction, `${cursor.key}-${cursor.id}`);
  return params.size > 0 ? `?${params}` : "";
}

/** The filter as names and values, for a form's hidden fields. */
export function filterFields({ q, paid, confirmed, crm, source, from, to, sort }: UserFilter): [string, string][] {
  const fields: [string, string | null][] = [
    ["q", q],
    ["paid", answer(paid)],
    ["confirmed", answer(confirmed)],
    ["crm", crm],
    ["source", source],
    ["from", from],
    ["to", to],
    ["sort", sort === "newest" ? null : sort],
  ];
  return fields.filter((field): field is [string, string] => Boolean(field[1]));
}

/** How many conditions narrow the list; the order is none. */
export const conditionsOf = (filter: UserFilter): number => filterFields({ ...filter, sort: "newest" }).length;

/** Without what PostgreSQL refuses. */
const clean = (text: string) => text.replace(/\p{Cc}/gu, " ").trim();

function day(text: string): string | null {
  if (!/^[12]\d{3}-\d\d-\d\d$/.test(text)) return null;
  const date = new Date(`${text}T00:00:00Z`);
  // The thirtieth of February is taken for a day in March: not what was meant.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null;
}

function cursor(direction: UserCursor["direction"], text: string): UserCursor | null {
  const [, key = "", id = ""] = /^(\d{1,16})-(\d{1,10})$/.exec(text) ?? [];
  const edge = { direction, key: Number(key), id: Number(id) };
  return id !== "" && edge.key <= maxTime && edge.id <= maxId ? edge : null;
}
