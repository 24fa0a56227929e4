import { cleanText } from "../platform/clean-text";
import { maxId, parseId } from "../platform/ids";
import { isMoment } from "../platform/moments";
import { isDay } from "../platform/time-zone";
import { clickKeys } from "../platform/utm-keys";

/**
 * The filter of a list of people, read from the URL. Does not use the database, so that pages can build links with it.
 */

export const userSorts = ["newest", "oldest", "paid"] as const;
export const userCrmStates = ["pending", "synced", "failed"] as const;

export type UserSort = (typeof userSorts)[number];
export type UserCrmState = (typeof userCrmStates)[number];

/** The value for "has no source"; a name that no campaign uses. */
export const noSource = "(none)";

export interface UserFilter {
  /** Words that must all occur in name, company, e-mail, phone or answers; empty: no condition. */
  q: string;
  paid: boolean | null;
  /** Whether the e-mail is confirmed. */
  confirmed?: boolean | undefined;
  crm: UserCrmState | null;
  /** First-touch source, or `noSource`. */
  source: string | null;
  /** The form by which they registered. */
  form?: number | undefined;
  /** First and last day of registering, YYYY-MM-DD by the installation's zone, as the statistics count them. */
  from: string | null;
  to: string | null;
  sort: UserSort;
}

/** The edge of a page: the sort key and id of its last row (`after`) or first row (`before`). */
export interface UserCursor {
  direction: "after" | "before";
  key: number;
  id: number;
}

export interface UserQuery {
  filter: UserFilter;
  cursor: UserCursor | null;
  /** Names of parameters that were invalid and therefore ignored. */
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

/** The spellings that the page writes, and those that programs use. */
const answers = new Map([
  ["yes", true],
  ["true", true],
  ["1", true],
  ["no", false],
  ["false", false],
  ["0", false],
]);

const maxText = 100;
const known = new Set(["q", "paid", "confirmed", "crm", "source", "form", "from", "to", "sort", "after", "before"]);
/** Parameters that links in mails and advertisements carry; they are ignored here without a message. */
const tags = new RegExp(`^(utm_\\w+|${clickKeys.join("|")})$`, "i");

/** Reads a URL leniently: invalid parameters are ignored and named, never an error. */
export function parseUserQuery(params: URLSearchParams, others: readonly string[] = []): UserQuery {
  const ignored = [...new Set(params.keys())].filter(
    (name) => !known.has(name) && !others.includes(name) && !tags.test(name),
  );
  /** The parameter's value as parsed by `read`; a blank one counts as missing. */
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
    form: take("form", parseId) ?? undefined,
    from: take("from", day),
    to: take("to", day),
    sort: take("sort", (text) => userSorts.find((sort) => sort === text) ?? null) ?? "newest",
  };
  // People who have not paid have no day of payment. And no index serves a filter by registration day together with an
  // order by payment day: such a list would read all rows.
  if (filter.sort === "paid" && (paid === false || (filter.from ?? filter.to) !== null)) {
    filter.sort = "newest";
    ignored.push("sort");
  }
  const after = take("after", (text) => cursor("after", text));
  const before = take("before", (text) => cursor("before", text));
  return { filter, cursor: after ?? before, ignored: ignored.slice(0, 10) };
}

const answer = (value: boolean | null | undefined) => (value == null ? null : value ? "yes" : "no");

/** The URL's query for the whole list, which without any query opens with the administrator's default view. */
export const wholeSearch = "?q=";

/** The URL's query for a filter and, unless it is the first, a page; defaults are left out. */
export function userSearch(filter: UserFilter, cursor: UserCursor | null = null): string {
  const params = new URLSearchParams(filterFields(filter));
  if (cursor) params.set(cursor.direction, `${cursor.key}-${cursor.id}`);
  return params.size > 0 ? `?${params}` : "";
}

/** The filter as names and values, for a form's hidden fields. */
export function filterFields({
  q,
  paid,
  confirmed,
  crm,
  source,
  form,
  from,
  to,
  sort,
}: UserFilter): [string, string][] {
  const fields: [string, string | null][] = [
    ["q", q],
    ["paid", answer(paid)],
    ["confirmed", answer(confirmed)],
    ["crm", crm],
    ["source", source],
    ["form", form === undefined ? null : String(form)],
    ["from", from],
    ["to", to],
    ["sort", sort === "newest" ? null : sort],
  ];
  return fields.filter((field): field is [string, string] => Boolean(field[1]));
}

/** The number of conditions of the filter; the sort order does not count. */
export const conditionsOf = (filter: UserFilter): number => filterFields({ ...filter, sort: "newest" }).length;

/** Replaces control characters, which PostgreSQL rejects. */
const clean = (text: string) => text.replace(/\p{Cc}/gu, " ").trim();

const day = (text: string): string | null => (isDay(text) ? text : null);

function cursor(direction: UserCursor["direction"], text: string): UserCursor | null {
  const [, key = "", id = ""] = /^(-?\d{1,16})-(\d{1,10})$/.exec(text) ?? [];
  const edge = { direction, key: Number(key), id: Number(id) };
  return id !== "" && isMoment(edge.key) && edge.id <= maxId ? edge : null;
}
