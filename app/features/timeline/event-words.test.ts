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

test.each([
  ["en", "Deal 34 moved from “New” to “Thinking” in Bitrix24", "the deal is lost"],
  ["ru", "Сделка 34 в Битрикс24 перешла со стадии «New» на стадию «Thinking»", "сделка провалена"],
] as const)(
  "a move to another stage is told with the names of both, and that it ended the deal, in %s",
  (locale, title, lost) => {
    const event = (semantic: string) =>
      eventWords(
        locale,
        {
          key: "1-13-1",
          at: "2026-11-26T09:00:00.000Z",
          actor: { kind: "BITRIX24", id: null },
          kind: "stage",
          facts: { dealId: 34, from: "New", to: "Thinking", semantic },
        },
        person,
      );
    expect(event("P")).toEqual({ title, facts: [] });
    expect(event("F")).toEqual({ title, facts: [lost] });
  },
);

test.each([
  ["en", "Registered", "Account created without a registration", "Record created"],
  ["ru", "Регистрация", "Аккаунт создан без регистрации", "Запись создана"],
] as const)(
  "where it is not known any more who made an account, it is not called a registration, in %s",
  (locale, registered, created, recorded) => {
    const title = (isRegistration: boolean | null) =>
      eventWords(
        locale,
        {
          key: "1-0-0",
          at: "2026-11-26T09:00:00.000Z",
          actor: null,
          kind: "registered",
          facts: { consents: [] },
        },
        { ...person, isRegistration },
      ).title;
    expect([true, false, null].map(title)).toEqual([registered, created, recorded]);
  },
);
