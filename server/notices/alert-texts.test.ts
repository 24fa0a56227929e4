import { expect, test } from "vitest";
import { countedAtMost } from "../alerts/kinds";
import { parseEnv } from "../platform/env";
import { type AlertItem, messageWords } from "./alert-texts";

const words = (language: "en" | "ru", item: Pick<AlertItem, "kind" | "facts"> & Partial<AlertItem>) => {
  const env = parseEnv({ ALERT_LANGUAGE: language });
  const whole = { cause: item.kind, count: 1, since: "2026-01-02T03:04:05.000Z", isOver: false, ...item } as AlertItem;
  const { title, text } = messageWords({ env }, [whole]);
  return `${title}\n${text}`.replaceAll("\u00a0", " ");
};

test("where the count of waiting registrations has stopped there may be more", () => {
  const facts = (waiting: number) => ({
    oldestMinutes: 31,
    waiting,
    forAll: true,
    pausedBy: null,
    workerSilent: true,
    syncedLast10Minutes: 0,
  });
  const wait = (waiting: number) => ({ kind: "wait", facts: facts(waiting) }) as const;
  expect(words("en", wait(1))).toContain("; 1 has waited too long.");
  expect(words("en", wait(countedAtMost - 1))).toContain("; 9,999 have waited too long.");
  expect(words("en", wait(countedAtMost))).toContain("; at least 10,000 have waited too long.");
  expect(words("ru", wait(countedAtMost - 1))).toContain("Слишком долго ждут: 9 999.");
  expect(words("ru", wait(countedAtMost))).toContain("Слишком долго ждут: не меньше 10 000.");
  const over = { kind: "wait", facts: { ...facts(0), still: countedAtMost }, isOver: true } as const;
  expect(words("en", over)).toContain("at least 10,000");
  expect(words("ru", over)).toContain("не меньше 10 000");
});

test("how many people are concerned is said in Russian as one says it", () => {
  const facts = { code: "ACCESS_DENIED", userId: 7 };
  expect(words("ru", { kind: "erasure", facts, count: 1 })).toContain("не даёт удалить данные человека 7 (");
  expect(words("ru", { kind: "erasure", facts, count: 3 })).toContain("не даёт удалить данные 3 человек (");
  expect(words("ru", { kind: "erasure", facts, count: 21 })).toContain("не даёт удалить данные 21 человека (");
  expect(words("ru", { kind: "unread", facts, count: 5 })).toContain("не читаются сделки 5 человек (");
  expect(words("ru", { kind: "unread", facts, count: 31 })).toContain("не читаются сделки 31 человека (");
});
