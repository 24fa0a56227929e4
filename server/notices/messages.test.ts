import fc from "fast-check";
import { expect, test } from "vitest";
import { isBatchSafe } from "../bitrix24/transport/safe-text";
import { parseEnv } from "../platform/env";
import { usualMessages } from "../platform/letter-template";
import { propertySeed } from "../test/property";
import { messageTo } from "./messages";

const host = "https://portal.example";
const person = {
  userId: 7,
  locale: "ru",
  firstName: "Анна",
  lastName: "Иванова",
  company: null as string | null,
  email: "anna@example.com",
  phone: "+79990000000",
  utm: {} as Record<string, string>,
  answers: [] as { key: string; label: string; kind: "text"; texts: string[] }[],
};
const words = (text: string, typed: Partial<typeof person> = {}) =>
  messageTo(parseEnv({ RESPONSIBLE_TEXT_RU: text, APP_URL: "https://desk.example.com" }), {
    person: { ...person, ...typed } as never,
    product: null,
    host,
    dealId: 7001,
  }).text;

test("the usual text names the person and leads to the deal, and leaves empty lines out", () => {
  expect(words(usualMessages.ru)).toBe(
    "Новая регистрация: Анна Иванова\nТелефон: +79990000000\nПочта: anna@example.com\n\nСделка: https://portal.example/crm/deal/details/7001/",
  );
});

test("the owner's BB codes and links stay, and macros of the owner's text do not act in a batch", () => {
  expect(words("[URL={deal}]{name}[/URL] {link}")).toBe(
    `[URL=${host}/crm/deal/details/7001/]Анна Иванова[/URL] https://desk.example.com/admin/users/7`,
  );
  expect(isBatchSafe(words("$result[c0] {name} ${company}next"))).toBe(true);
});

test("a text of which nothing is left leads to the deal", () => {
  expect(words("{company}")).toBe(`${host}/crm/deal/details/7001/`);
});

const acting = fc.constantFrom(
  "[URL=https://evil.example]",
  "[/B]",
  "[SEND=/x]",
  "<br>",
  "#br#",
  "$result[c0]",
  "$Next",
  ">>",
  "\n------\n",
  "{email}",
  "//evil.example",
  "@evil",
  "я",
);
const typed = fc.oneof(
  fc.array(acting, { maxLength: 5 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary" }),
);

test("whatever visitors type neither acts in the messenger nor in the batch, and adds no line", () => {
  const template = "{name}|{firstName}|{lastName}|{company}|{utm_source}|{utm_medium}|{answer.level}";
  fc.assert(
    fc.property(
      fc.array(typed, { minLength: 6, maxLength: 6 }),
      ([firstName, lastName, company, source, medium, answer]) => {
        const text = words(template, {
          firstName: firstName ?? "",
          lastName: lastName ?? "",
          company: company ?? "",
          utm: { UTM_SOURCE: source ?? "", UTM_MEDIUM: medium ?? "" },
          answers: [{ key: "level", label: "Level", kind: "text", texts: [answer ?? ""] }],
        });
        expect(text).not.toMatch(/[[\]<>\r\n]|#br#|\/\/evil/i);
        expect(isBatchSafe(text)).toBe(true);
        expect(text).not.toContain("anna@example.com");
      },
    ),
    { seed: propertySeed },
  );
});
