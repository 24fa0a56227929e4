import { expect, test } from "vitest";
import { auditFacts } from "~/features/audit/facts";

const file = { id: 7, system: "google", kind: "add", count: 25 };

test.each([
  ["conversions.make", file, ["file 7", "Google Ads", "paid", "25 registrations"]],
  ["conversions.download", file, ["file 7", "Google Ads", "paid", "25 registrations"]],
  [
    "conversions.make",
    { id: 8, system: "yandex", kind: "retract", count: 1 },
    ["marked by hand", "Yandex Metrica", "retracted", "1 registration"],
  ],
  [
    "portal.answer",
    { kind: "database", change: "home", answer: "restored" },
    [
      "The database is in another place than when it was last opened",
      "It replaces the earlier one: moved, or restored from a backup",
    ],
  ],
  ["password.reset", { tokens: 2 }, ["2 API tokens revoked"]],
  ["session.refused", { count: 25 }, ["25 times"]],
])("the audit log says the facts of %s in words: %o", (action, details, words) => {
  expect(auditFacts(action, details, "en")).toEqual(words);
  const russian = auditFacts(action, details, "ru");
  expect(russian).toHaveLength(words.length);
  for (const fact of russian) expect(fact).toMatch(/[А-Яа-я]|Google Ads/);
});

test("the audit log shows a fact that it has no words for as it is kept", () => {
  expect(auditFacts("portal.answer", { kind: "cluster", change: "gone", answer: "moved" }, "en")).toEqual([
    "gone",
    "moved",
  ]);
  expect(auditFacts("conversions.make", { system: "vk", kind: "draft" }, "ru")).toEqual(["vk", "draft"]);
});
