import { expect, test } from "vitest";
import { maxId, parseId, parseLogId } from "./ids";

test("every id that the database can hold is understood", () => {
  for (const id of [1, 999_999_999, 1_000_000_000, maxId]) expect(parseId(String(id))).toBe(id);
});

test("what no row can have is no id", () => {
  for (const text of ["0", "-1", "1.0", "1e3", " 1", "１", "", "0x1", "2147483648", "99999999999", null, 7, undefined])
    expect(parseId(text)).toBeNull();
});

test("ids of logs reach as far as a bigint", () => {
  expect(parseLogId("1")).toBe(1n);
  expect(parseLogId("9223372036854775807")).toBe(9_223_372_036_854_775_807n);
  for (const text of ["0", "9223372036854775808", "-1", "one", "", null]) expect(parseLogId(text)).toBeNull();
});
