import { expect, test } from "vitest";
import { isAdvertising } from "./advertising";
import { personShape } from "./schema";

const advertising = [
  "http://spam.example/x",
  "HTTPS://spam.example",
  "www.spam.example",
  "Win at casino.com",
  "casino.com/win",
  "деньги.рф",
  "spam-shop.online",
  "t.me/spam",
  "Join t.me/joinchat now",
  "vk.cc/abc",
  "bit.ly/abc",
  "@spam_channel",
  "Пишите @spam_channel",
  "spam@example.com",
  "casino[.]com",
  "casino dot com",
  "казино точка рф",
  "casino. com",
  "ｃａｓｉｎｏ．ｃｏｍ",
  "Call +7 (916) 123-45-67",
  "89161234567",
  "Звоните89161234567",
  "8 916 1234567",
  "8.916.123.45.67",
  "٨ ٩١٦ ١٢٣٤٥٦٧",
  "9161234567",
  "Call 375291234567",
  "+1 555 123 4567",
  "(495) 123-45-67",
  "тел 123-45-67",
  "Call 916-555-4433",
];
for (const name of advertising) {
  test(`advertising is no name: ${name}`, () => {
    expect(isAdvertising(name)).toBe(true);
  });
}

const names = [
  "O'Brien",
  "О’Нил",
  "Anne-Marie",
  "Мария-Антуанетта",
  "Martin Luther King Jr.",
  "J.R.R.",
  "St.John",
  "А.С. Пушкин",
  "Анна Иванова-Петрова",
  "李小龙",
  "José María",
  "D'Arcy",
  "Ng",
  "Иван IV",
  "John 3rd",
  "X Æ A-12",
  "Dr. Me",
  "Имя10000",
  "Test1795758578123",
  "Test 1795758578123",
  "Test-1795758578",
  "User-1234567",
  "User 12345678",
  "Анна 3f2504e0-4f89-41d3-9a0c-030589161234",
  "Anna 89161234-5671-4123-8123-891612345678",
  "Anna3f2504e04f8941d39a0c0305e82c3301",
  "Run 2026-11-27",
  "Run 2026-11-27 05:49",
  "Run 2026-11-27T05:49:38.123Z",
  "Run 20261127054938",
  "Run 202611270549",
  "Worker 3 of 12, 0000001",
  "Comstock",
  "مریم",
];
for (const name of names) {
  test(`a name is no advertising: ${name}`, () => {
    expect(isAdvertising(name)).toBe(false);
  });
}

test("a name that is too long is told to be that alone, whatever is in it", () => {
  for (const text of [`casino.com ${"a".repeat(100)}`, "я".repeat(60_000)])
    expect(personShape.firstName.safeParse(text).error?.issues.map(({ message }) => message)).toEqual(["too_long"]);
  expect(personShape.company.safeParse(`www.a.com ${"a".repeat(200)}`).error?.issues).toMatchObject([
    { message: "too_long" },
  ]);
});
