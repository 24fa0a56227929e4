import { expect, test } from "vitest";
import { groups } from "~/features/administration/entries";
import { administrationTexts } from "~/features/administration/texts";
import { matchingPages } from "./matching-pages";

const { en, ru } = administrationTexts;
const paths = (typed: string, words = en) => matchingPages(typed, words).map(({ to }) => to);

test("without words every page of the menu is offered, in its order", () => {
  const all = groups.flatMap(({ entries }) => entries.map(({ to }) => to));
  expect(paths("")).toEqual(all);
  expect(paths("  ", ru)).toEqual(all);
});

test.each([
  ["queue", en, "/admin/crm"],
  ["AUDIT", en, "/admin/audit"],
  ["log aud", en, "/admin/audit"],
  ["очередь", ru, "/admin/crm"],
  ["журн", ru, "/admin/audit"],
])("%s finds its page", (typed, words, path) => {
  expect(paths(typed, words)).toEqual([path]);
});

test("a page is found by the name of its group, after those whose own name begins so", () => {
  expect(paths("settings")).toEqual(["/admin/settings", ...paths("settings").slice(1)]);
  expect(paths("bitrix24")).toContain("/admin/conflicts");
  expect(paths("forms settings")).toEqual(["/admin/settings/forms"]);
  expect(paths("po")[0]).toBe("/admin/portal");
});

test("a word that no page has finds none", () => {
  expect(paths("ivanov")).toEqual([]);
  expect(paths("queue ivanov")).toEqual([]);
});
