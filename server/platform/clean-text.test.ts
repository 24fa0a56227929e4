import { expect, test } from "vitest";
import { cleanText, hasUnfitCharacters, isBlank } from "./clean-text";

const cleaned: [name: string, typed: string, stored: string][] = [
  ["blanks of every width round it", "\u00a0\u3000 Анна\t\r\n\ufeff", "Анна"],
  ["a space that does not break", "Анна\u00a0Мария", "Анна Мария"],
  ["decomposed letters", "Серге\u0438\u0306", "Сергей"],
  ["a zero-width space", "Ан\u200bна\u200b", "Анна"],
  ["a soft hyphen and a word joiner", "Ан\u00adна\u2060", "Анна"],
  ["marks of direction", "\u202aАнна\u202c \u2066Петрова\u2069\u200e\u200f", "Анна Петрова"],
  ["a filler of Hangul", "Анна\u3164", "Анна"],
  ["the place of an embedded object", "Анна\ufffc", "Анна"],
  ["a joiner between letters that cannot join", "A\u200dnn\u200ca", "Anna"],
  ["a joiner at an end", "\u200dسارا\u200c", "سارا"],
  ["a joiner of Persian", "سارا\u200cی", "سارا\u200cی"],
  ["a joiner of Devanagari", "क्\u200dष", "क्\u200dष"],
  ["two joiners in a row", "سارا\u200c\u200cی", "سارا\u200cی"],
  ["a family of emoji", "👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"],
  ["an emoji with a colour and a sign", "👩🏽\u200d⚕\ufe0f", "👩🏽\u200d⚕\ufe0f"],
  ["a keycap", "1\ufe0f\u20e3", "1\ufe0f\u20e3"],
  ["digits and signs that are no keycaps", "№ 1\ufe0f *\ufe0f #\ufe0e", "№ 1 * #"],
  ["marks of punctuation that are emoji as well", "Да\u203c\ufe0f \u3030\ufe0f", "Да\u203c\ufe0f \u3030\ufe0f"],
  ["flags of countries", "🇷🇺\ufe0f", "🇷🇺\ufe0f"],
  [
    "a flag made of tags",
    "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
  ],
  ["tags that are no flag", "Anna\u{e0067}\u{e0062}", "Anna"],
  ["a shape of a Japanese letter", "辻\u{e0100}", "辻\u{e0100}"],
  ["a shape of a letter that has only one", "A\ufe0f", "A"],
  ["nothing but what is not drawn", "\u200b\u00ad\u2060\u034f\u115f", ""],
];

for (const [name, typed, stored] of cleaned)
  test(`text is stored as it is seen: ${name}`, () => {
    expect(cleanText(typed)).toBe(stored);
    expect(cleanText(stored)).toBe(stored);
  });

test("an endless text of invisible characters is read in one pass", () => {
  expect(cleanText(`${"\u200b".repeat(1_000_000)}a`)).toBe("a");
});

test("something has to be seen", () => {
  for (const text of ["", " ", "-", "…", "\u2800", "\u0301"])
    expect([text, isBlank(cleanText(text))]).toEqual([text, true]);
  for (const text of ["Я", "7", "😀", "李", "☺", "+"]) expect([text, isBlank(text)]).toEqual([text, false]);
});

test("control characters, line breaks, turned text and the remains of a wrong encoding are unfit inside a text only", () => {
  for (const text of ["a\0b", "a\tb", "a\nb", "a\u2028b", "a\u202eb", "a\ufffd", "a\ud800"])
    expect([text, hasUnfitCharacters(text)]).toEqual([text, true]);
  for (const text of ["Анна\t", "\r\nАнна", "a b", "a\u200bb"])
    expect([text, hasUnfitCharacters(text)]).toEqual([text, false]);
});
