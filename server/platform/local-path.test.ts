import { expect, test } from "vitest";
import { localPath } from "./local-path";

const cases: [given: unknown, expected: string][] = [
  ["/account", "/account"],
  ["/admin/users?q=иван&paid=1", "/admin/users?q=%D0%B8%D0%B2%D0%B0%D0%BD&paid=1"],
  ["/a/../b", "/b"],
  ["//evil.example", "/fallback"],
  ["/\\evil.example", "/fallback"],
  ["/\t/evil.example", "/fallback"],
  ["/x/..//evil.example", "/fallback"],
  ["https://evil.example/account", "/fallback"],
  ["javascript:alert(1)", "/fallback"],
  ["account", "/fallback"],
  ["", "/fallback"],
  [null, "/fallback"],
  [undefined, "/fallback"],
];

for (const [given, expected] of cases) {
  test(`${JSON.stringify(given)} leads to ${expected}`, () => {
    expect(localPath(given, "/fallback")).toBe(expected);
  });
}
