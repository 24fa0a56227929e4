import { expect, test } from "vitest";
import { auditFilters, auditSearch, parseAuditQuery } from "./audit-query";

const parse = (query: string) => parseAuditQuery(new URLSearchParams(query));

test("an address without filters asks for everything", () => {
  expect(auditFilters(parse(""))).toEqual({});
  expect(auditSearch(parse("who=&id=&action="))).toBe("");
});

test("filters survive the way into an address and back", () => {
  const query = parse("who=TOKEN&id=7&action=payment.set&target=9&before=100");
  expect(query.ignored).toEqual([]);
  expect(auditFilters(query)).toEqual({
    actor: { kind: "TOKEN", id: 7 },
    action: "payment.set",
    targetId: 9,
    before: "100",
  });
  expect(parse(auditSearch(query, "50"))).toEqual({ ...query, before: "50" });
});

test("people are named by their number alone, or as it is shown", () => {
  for (const [id, target] of [
    ["101", "7"],
    ["№ 101", "#7"],
    [" no. 101", "номер 7"],
  ] as const)
    expect(parse(new URLSearchParams({ who: "USER", id, target }).toString())).toMatchObject({
      id: 101,
      target: 7,
      ignored: [],
    });
});

for (const [query, ignored] of [
  ["who=nobody", ["who"]],
  ["id=7", ["id"]],
  ["who=SYSTEM&id=7", ["id"]],
  ["who=USER&id=x", ["id"]],
  ["action=drop", ["action"]],
  ["target=-1", ["target"]],
  ["target=9999999999", ["target"]],
  ["before=x", ["before"]],
  ["actor=7&who=", ["actor"]],
] as const)
  test(`of ${query} ${ignored} is left out and named`, () => {
    const parsed = parse(query);
    expect(parsed.ignored).toEqual(ignored);
    expect(auditFilters({ ...parsed, who: null })).toEqual({});
  });
