import { expect, test } from "vitest";
import { groups } from "~/features/administration/entries";
import { administrationTexts } from "~/features/administration/texts";
import { consentsTexts } from "~/features/consents/texts";
import { settingsPages } from "~/features/settings/settings-pages";
import { settingsTexts } from "~/features/settings/texts";
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

test.each([
  ["consent", en, "/admin/settings/consents"],
  ["согласия", ru, "/admin/settings/consents"],
  ["оповещ", ru, "/admin/settings/alerts"],
  ["mails", en, "/admin/settings/letters"],
  ["settings fields", en, "/admin/settings/fields"],
])("%s finds its page of settings, which the menu does not name", (typed, words, path) => {
  const of = words === en ? "en" : "ru";
  const below = settingsPages(settingsTexts[of], consentsTexts[of]);
  expect(matchingPages(typed, words, below).map(({ to, group }) => [to, group])).toEqual([
    [path, words.groups.settings],
  ]);
});

test("pages of settings stand after those of the menu, each once, and not where nothing is typed", () => {
  const below = settingsPages(settingsTexts.en, consentsTexts.en);
  const found = matchingPages("settings", en, below).map(({ to }) => to);
  expect(found.slice(0, paths("settings").length)).toEqual(paths("settings"));
  expect(found.toSorted()).toEqual([...new Set([...paths("settings"), ...below.map(({ to }) => to)])].toSorted());
  expect(matchingPages("", en, below).map(({ to }) => to)).toEqual(paths(""));
});

test("a word that no page has finds none", () => {
  expect(paths("ivanov")).toEqual([]);
  expect(paths("queue ivanov")).toEqual([]);
});
