import { expect, test } from "vitest";
import { asciiHost, parseEmail, readableEmail } from "./email-address";

const addresses: [typed: string, stored: string][] = [
  ["Anna@Example.COM", "anna@example.com"],
  ["ivan@почта.рф", "ivan@xn--80a1acny.xn--p1ai"],
  ["ivan@ПОЧТА.РФ", "ivan@xn--80a1acny.xn--p1ai"],
  ["ivan@xn--80a1acny.xn--p1ai", "ivan@xn--80a1acny.xn--p1ai"],
  ["ivan@XN--80A1ACNY.XN--P1AI", "ivan@xn--80a1acny.xn--p1ai"],
  ["max@müller.de", "max@xn--mller-kva.de"],
  ["max@mu\u0308ller.de", "max@xn--mller-kva.de"],
  ["max@straße.de", "max@xn--strae-oqa.de"],
  ["li@例え。テスト", "li@xn--r8jz45g.xn--zckzah"],
  ["иван@почта.рф", "иван@xn--80a1acny.xn--p1ai"],
  ["josé@example.com", "josé@example.com"],
  ["!#$%&'*+/=?^_`{|}~-@example.com", "!#$%&'*+/=?^_`{|}~-@example.com"],
  ["o'neil+tag@sub.example.co", "o'neil+tag@sub.example.co"],
  ["a@b.museum", "a@b.museum"],
  ["1@1.com", "1@1.com"],
  ["anna@example.com\u200b", "anna@example.com"],
  ["anna@example.com\t", "anna@example.com"],
  ["\u202aanna@example.com\u202c", "anna@example.com"],
  ["an\u00adna@exam\u200bple.com", "anna@example.com"],
  ["mailto:anna@example.com", "anna@example.com"],
  ["<anna@example.com>;", "anna@example.com"],
  ["anna@example.com.", "anna@example.com"],
  ["ivan@почта.рф.", "ivan@xn--80a1acny.xn--p1ai"],
  ["ａｎｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "anna@example.com"],
  ["Anna Petrova <anna@example.com>", "anna@example.com"],
  ['"Петрова, Анна" <Anna@Example.com>;', "anna@example.com"],
  ["'anna@example.com'", "anna@example.com"],
  ["«anna@example.com»", "anna@example.com"],
  ["[anna@example.com]", "anna@example.com"],
  ["mailto:anna@example.com?subject=Hello", "anna@example.com"],
  ["mailto:anna%2Bx@example.com", "anna+x@example.com"],
  ["MailTo:%D0%B8%D0%B2%D0%B0%D0%BD%40%D0%BF%D0%BE%D1%87%D1%82%D0%B0.%D1%80%D1%84", "иван@xn--80a1acny.xn--p1ai"],
  ["mailto:%3Canna@example.com%3E", "anna@example.com"],
  ["mailto:50%@example.com", "50%@example.com"],
  ["anna%2bx@example.com", "anna%2bx@example.com"],
  ["E-mail: anna@example.com", "anna@example.com"],
  ["почта: anna@example.com", "anna@example.com"],
  ["anna @ example.com", "anna@example.com"],
  ["'anna@example.com", "anna@example.com"],
  ["'o'neil@example.com", "o'neil@example.com"],
  ["`anna@example.com", "anna@example.com"],
  ["=anna@example.com", "anna@example.com"],
  ["#anna@example.com", "anna@example.com"],
  ["/anna@example.com", "anna@example.com"],
  ["//anna@example.com", "anna@example.com"],
  ["email=anna@example.com", "anna@example.com"],
  ["E-mail='anna@example.com'", "anna@example.com"],
  ["mailto://anna@example.com", "anna@example.com"],
  ["mailto:///anna@example.com", "anna@example.com"],
  ["email@example.com", "email@example.com"],
  ["anna=x@example.com", "anna=x@example.com"],
  ["#@example.com", "#@example.com"],
  ["ivan1\ufe0f@example.com", "ivan1@example.com"],
  ["ivan@辻\u{e0100}.example.com", "ivan@xn--w63a.example.com"],
  ["'anna'@example.com", "'anna'@example.com"],
  [`${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`],
];

for (const [typed, stored] of addresses)
  test(`the address ${JSON.stringify(typed)} is stored as ${stored}`, () => {
    expect(parseEmail(typed)).toBe(stored);
    expect(parseEmail(stored)).toBe(stored);
  });

const none = [
  "",
  "anna",
  "@example.com",
  "anna@",
  "anna@localhost",
  "anna@почта",
  "a@b.ru,c@d.ru",
  "a@b@c.ru",
  "anna petrova@example.com",
  "anna@exam ple.com",
  ".anna@example.com",
  "anna.@example.com",
  "an..na@example.com",
  '"anna petrova"@example.com',
  "anna@[127.0.0.1]",
  "anna@127.0.0.1",
  "anna@127.1",
  "anna@ex%61mple.com",
  "anna@example.com/path",
  "anna@example.com:25",
  "anna@-example.com",
  "anna@example-.com",
  "anna@example..com",
  "anna@exa_mple.com",
  "anna@xn--a.com",
  "anna@xn--a-.com",
  "anna@xn--.com",
  "anna@mail.xn--0.com",
  "anna@xn--Pple-Zk.com",
  "anna@example.xn--zzzzzzz99999",
  `anna@${"a".repeat(64)}.com`,
  `anna@${"a.".repeat(130)}com`,
  "анна@",
  "(anna)@example.com",
  "<anna@example.com> <boris@example.com>",
  "anna@example.com <boris@example.com>",
  `${"a".repeat(65)}@example.com`,
  `${"я".repeat(33)}@example.com`,
  "anna;petrova@example.com",
];

for (const typed of none)
  test(`${JSON.stringify(typed.slice(0, 40))} is no address`, () => {
    expect(parseEmail(typed)).toBeNull();
  });

test("an address is shown as people write it", () => {
  expect(readableEmail("ivan@xn--80a1acny.xn--p1ai")).toBe("ivan@почта.рф");
  expect(readableEmail("max@sub.xn--mller-kva.de")).toBe("max@sub.müller.de");
  for (const address of ["anna@example.com", "xn--anna@example.com", "anna@xn--a.com", ""])
    expect(readableEmail(address)).toBe(address);
});

test("what is longer than a domain in any spelling is none", () => {
  expect(asciiHost("a".repeat(1_001))).toBeNull();
});
