import { expect, test } from "vitest";
import { parseQuery } from "../../../e2e/portal/protocol/query";
import { batchOutcomes, batchParams, batchTimes, encodeQuery } from "./batch";

const command = (method = "crm.item.add", params: Record<string, unknown> = {}) => ({ method, params });
const commands = (count: number) => Array.from({ length: count }, () => command());

test("parameters travel as PHP writes them, every character of a text intact", () => {
  expect(encodeQuery({ fields: { fm: [{ value: "a" }], name: "О'Нил & co" }, start: -1 })).toBe(
    `fields%5Bfm%5D%5B0%5D%5Bvalue%5D=a&fields%5Bname%5D=${encodeURIComponent("О'Нил & co")}&start=-1`,
  );
  const text = 'a=b&c#d%20e+f "g" \\ [h] 😀 \n ü';
  expect(parseQuery(encodeQuery({ fields: { name: text } }))).toEqual({ fields: { name: text } });
});

test("what is undefined stays away, and null is an empty value", () => {
  expect(encodeQuery({ a: undefined, b: null, c: false, d: 0 })).toBe("b=&c=false&d=0");
});

test("commands have names, and none stops the others", () => {
  expect(batchParams([command("profile"), command("crm.item.list", { start: -1 })])).toEqual({
    halt: 0,
    cmd: { c0: "profile?", c1: "crm.item.list?start=-1" },
  });
});

test("more than fifty commands, text that the portal would expand, and empty lists are never sent in a batch", () => {
  expect(() => batchParams(commands(50))).not.toThrow();
  expect(() => batchParams(commands(51))).toThrow(RangeError);
  expect(() => batchParams([command("a", { fields: { name: "$Result[c0]" } })])).toThrow(RangeError);
  expect(() => batchParams([command("a", { "$next[x]": 1 })])).toThrow(RangeError);
  expect(() => batchParams([command("a", { fields: { contactIds: [] } })])).toThrow(RangeError);
});

test("each command gets its own outcome, in order", () => {
  const answer = {
    result: {
      result: { c0: 5, c2: null },
      result_error: { c1: { error: "", error_description: "Not found" } },
      result_time: { c0: { duration: 0.5 } },
    },
    seconds: 3,
  };
  expect(batchOutcomes(commands(3), answer)).toEqual([
    { ok: true, value: 5, seconds: 0.5 },
    { ok: false, error: expect.objectContaining({ code: "EMPTY_CODE", kind: "refused", applied: "no" }) },
    { ok: true, value: null, seconds: 1 },
  ]);
});

test("a command that stands in no map may have been carried out", () => {
  const empty = { result: [], result_error: [], result_total: [], result_next: [], result_time: [] };
  for (const result of [empty, [], null, undefined, "", { result: { c7: 1 } }])
    expect(batchOutcomes(commands(1), { result })).toMatchObject([
      { ok: false, error: { code: "MISSING_IN_BATCH", kind: "outage", applied: "unknown" } },
    ]);
});

test("an error beside a result is an error", () => {
  const result = { result: { c0: 5 }, result_error: { c0: { error: "NOT_FOUND" } } };
  expect(batchOutcomes(commands(1), { result })).toMatchObject([{ ok: false, error: { code: "NOT_FOUND" } }]);
});

test("each command's API usage is reported with its method, and may be missing", () => {
  const result = { result_time: { c1: { operating: 2 } } };
  expect(batchTimes([command("a"), command("b")], { result })).toEqual([
    { method: "a", time: undefined },
    { method: "b", time: { operating: 2 } },
  ]);
});
