import { expect, test } from "vitest";
import { isAdvertising } from "./advertising";

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
  "Comstock",
  "مریم",
];
for (const name of names) {
  test(`a name is no advertising: ${name}`, () => {
    expect(isAdvertising(name)).toBe(false);
  });
}
