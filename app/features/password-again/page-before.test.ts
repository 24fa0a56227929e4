import { expect, test } from "vitest";
import { pageBefore } from "./page-before";

test.each([
  ["/admin/users/export.csv?q=anna&paid=no", "/admin/users?q=anna&paid=no"],
  ["/admin/users/export.csv", "/admin/users"],
  ["/admin/conversions/7.csv", "/admin/conversions"],
  ["/account/second-factor", "/account"],
  ["//other.example/admin/users/export.csv", "/account"],
  ["https://other.example/", "/account"],
  [null, "/account"],
])("who does not give the password for %j goes back to %s", (to, page) => {
  expect(pageBefore(to)).toBe(page);
});
