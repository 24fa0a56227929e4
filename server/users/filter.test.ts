import { expect, test } from "vitest";
import { everybody, noSource, parseUserQuery, userSearch } from "./filter";

const parse = (query: string) => parseUserQuery(new URLSearchParams(query));

test("an empty address, or one with empty fields, shows everybody, newest first", () => {
  expect(parse("")).toEqual({ filter: everybody, cursor: null, ignored: [] });
  expect(parse("q=&paid=&crm=&source=&from=&to=&sort=&after=")).toEqual(parse(""));
});

test("an address is read and written back to the same list", () => {
  const query =
    "?q=anna&paid=yes&confirmed=no&crm=failed&source=vk&form=7&from=2026-01-01&to=2026-01-31&sort=oldest&after=1767225600000-7";
  const { filter, cursor, ignored } = parse(query);

  expect(filter).toEqual({
    q: "anna",
    paid: true,
    confirmed: false,
    crm: "failed",
    source: "vk",
    form: 7,
    from: "2026-01-01",
    to: "2026-01-31",
    sort: "oldest",
  });
  expect(cursor).toEqual({ direction: "after", key: 1767225600000, id: 7 });
  expect(ignored).toEqual([]);
  expect(userSearch(filter, cursor)).toBe(query);
});

test.each(["after", "before"] as const)("a list goes on %s people who registered before 1970", (direction) => {
  const query = userSearch(everybody, { direction, key: -86_400_000, id: 7 });
  expect(query).toBe(`?${direction}=-86400000-7`);
  expect(parse(query.slice(1))).toEqual({
    filter: everybody,
    cursor: { direction, key: -86_400_000, id: 7 },
    ignored: [],
  });
});

test("the default filter needs no words in the address", () => {
  expect(userSearch(everybody)).toBe("");
});

test.each([
  ["paid=maybe", "paid"],
  ["crm=SYNCED", "crm"],
  ["from=2026-02-30", "from"],
  ["to=31.01.2026", "to"],
  ["sort=password", "sort"],
  ["after=7", "after"],
  ["before=99999999999999999-1", "before"],
  ["before=8640000000000001-1", "before"],
  ["after=-62135596800001-1", "after"],
  ["after=0-99999999999", "after"],
  ["payed=yes", "payed"],
])("%s is left out and named", (query, name) => {
  expect(parse(query)).toEqual({ filter: everybody, cursor: null, ignored: [name] });
});

test.each([
  ["yes", true],
  ["true", true],
  ["1", true],
  ["no", false],
  ["false", false],
  ["0", false],
])("paid=%s is understood as %s", (text, paid) => {
  expect(parse(`paid=${text}`)).toMatchObject({ filter: { paid }, ignored: [] });
});

test("tags of an advertisement are no unknown filters", () => {
  expect(parse("utm_source=mail&yclid=5").ignored).toEqual([]);
});

test("a parameter of the page that asks is no unknown filter", () => {
  expect(parseUserQuery(new URLSearchParams("mark=paid"), ["mark"]).ignored).toEqual([]);
});

test("a search is composed, freed of control characters, and cut where it is endless", () => {
  expect(parse(`q=${encodeURIComponent("Ани\u0438\u0306\u0000я")}`).filter.q).toBe("Аний я");
  expect(parse(`q=${"a".repeat(101)}`)).toMatchObject({ filter: { q: "a".repeat(100) }, ignored: ["q"] });
});

test.each(["0", "-1", "first", "1.5"])("%s is no form: the filter is left out and named", (form) => {
  expect(parse(`form=${form}`)).toMatchObject({ filter: { form: undefined }, ignored: ["form"] });
});

test("people without a source have a name for it", () => {
  expect(parse(userSearch({ ...everybody, source: noSource })).filter.source).toBe(noSource);
});

test("an order by payment gives way where nobody has one, and where dates rule", () => {
  expect(parse("sort=paid").filter.sort).toBe("paid");
  expect(parse("sort=paid&paid=no")).toMatchObject({ filter: { sort: "newest" }, ignored: ["sort"] });
  expect(parse("sort=paid&from=2026-01-01")).toMatchObject({ filter: { sort: "newest" }, ignored: ["sort"] });
});
