import { expect, test } from "vitest";
import { eventWords } from "./event-words";

const person = { isRegistration: true, form: null, source: null, consents: {} };
const titleOf = (locale: "ru" | "en", reason: string, letter = "responsible") =>
  eventWords(
    locale,
    {
      key: "1-5-1",
      at: "2026-11-26T09:00:00.000Z",
      actor: null,
      kind: "letter",
      facts: { letter, isSent: false, reason },
    },
    person,
  ).title;

test.each(["ru", "en"] as const)("what kept a message from the responsible person has its words in %s", (locale) => {
  const refused = titleOf(locale, "NOT_TAKEN");
  expect(titleOf(locale, "INSUFFICIENT_SCOPE")).toBe(refused);
  expect(refused).toMatch(/Bitrix24 refused|Битрикс24 не принял/);
  const unsent = ["NO_RECEIVER", "PASSED_OVER", "OLD"].map((reason) => titleOf(locale, reason));
  expect(new Set([refused, ...unsent]).size).toBe(4);
  for (const title of unsent) expect(title).toMatch(/not sent|не отправлено/);
  expect(titleOf(locale, "REFUSED", "welcome")).toMatch(/mail server|Почтовый сервер/);
});
