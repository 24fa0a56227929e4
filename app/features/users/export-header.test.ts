import { expect, test } from "vitest";
import { isOwnList } from "~server/import/own-list";
import { adminUsersTexts } from "./list-texts";

test.each(["en", "ru"] as const)("a list is known by its header as one that was exported in %s", (locale) => {
  const { createdAt, paidAt, ...others } = adminUsersTexts[locale].sheet.columns;
  const moments = [createdAt, paidAt];
  expect(isOwnList([...Object.values(others), ...moments.map((name) => `${name} (Europe/Moscow)`)])).toBe(true);
  expect(isOwnList([...Object.values(others), ...moments])).toBe(false);
});
