import { expect, test } from "vitest";
import { entryOf, groups } from "./entries";

test.each([
  ["/admin", "statistics"],
  ["/admin/", "statistics"],
  ["/admin/users", "users"],
  ["/admin/users/7", "users"],
  ["/admin/users/7/rights", "users"],
  ["/admin/settings/forms/2", "forms"],
  ["/admin/settings/consents/registration", "settings"],
  ["/admin/crm/resend", "crm"],
  ["/bitrix24-test", "test"],
  ["/account", undefined],
  ["/administration", undefined],
])("%s belongs to the entry %s", (path, name) => {
  expect(entryOf(path)?.name).toBe(name);
});

test("no page has two entries in the menu", () => {
  const addresses = groups.flatMap(({ entries }) => entries.map(({ to }) => to));
  expect(new Set(addresses).size).toBe(addresses.length);
});
