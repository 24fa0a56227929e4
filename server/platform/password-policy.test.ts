import { expect, test } from "vitest";
import { passwordProblem } from "./password-policy";

const anna = {
  email: "anna.zavyalovskaya@mail.example.com",
  firstName: "Анна",
  lastName: "Петрова-Иванова",
  phone: "+79161234567",
};

const common = [
  "password",
  "PassWord",
  "Password1!",
  "passw0rd",
  "p@ssw0rd",
  "12345678",
  "87654321",
  "0987654321",
  "qwertyuiop",
  "qwerty123",
  "qwe123asd",
  "abcdefgh",
  "abcd1234",
  "iloveyou",
  "sunshine",
  "marina1985",
  "11111111",
  "        ",
  "12341234",
  "a".repeat(32),
  "Aa1!".repeat(8),
  "adminadmin",
  "йцукенгш",
  "пароль123",
  "Привет2024!",
  "ｐａｓｓｗｏｒｄ",
];
for (const password of common) {
  test(`a password that everybody tries first is refused: ${password}`, () => {
    expect(passwordProblem(password, anna)).toBe("password_common");
  });
}

const personal = [
  "anna.zavyalovskaya@mail.example.com",
  "ANNA.ZAVYALOVSKAYA",
  "zavyalovskaya2001",
  "Анна-Петрова",
  "ПетроваАнна1",
  "анна19901212",
  "79161234567",
  "9161234567!",
  "frontdesk",
  "Front Desk 2026",
  "Приёмная2026",
  "Приемная-26",
  "example-12345",
];
for (const password of personal) {
  test(`a password made of what is known of its owner and of the site is refused: ${password}`, () => {
    expect(passwordProblem(password, anna)).toBe("password_personal");
  });
}

const site = { SITE_NAME: "Школа танцев «Ритм»", APP_URL: "https://register.tango-club.example:8443" };
for (const password of ["Школа2026", "ритм-ритм-ритм", "tangoclub1", "register2026x", "школатанцев99"]) {
  test(`a password made of the site's own name and address is refused: ${password}`, () => {
    expect(passwordProblem(password, { ...anna, site })).toBe("password_personal");
    expect(passwordProblem(password, anna)).toBeNull();
  });
}

test("neither the last label of the host nor an address in its place is a word", () => {
  for (const APP_URL of ["https://a.example", "http://127.0.0.1:3000", "http://[::1]:3000", ""])
    expect(passwordProblem("example-127-00", { site: { APP_URL } })).toBeNull();
});

const fit = [
  "correct horse battery",
  "correct horse",
  "right password",
  "administrator-1",
  "  пароль 🔑 ",
  "аня и её кот",
  "zavyalovskaya likes to swim",
  "tR0ub4dor&3",
  "x7!kQ-2w",
  "ZG9ndG93bjEy",
  "绿色的马在唱歌吗",
  "a".repeat(33),
  "a".repeat(200),
  "Aa1!".repeat(50),
  "1234567890".repeat(20),
];
for (const password of fit) {
  test(`a password that nobody would try is taken: ${password}`, () => {
    expect(passwordProblem(password, anna)).toBeNull();
  });
}

test("a password has 8 to 200 characters, an administrator's 12 or more", () => {
  expect(passwordProblem("k7!pQzw")).toBe("password_short");
  expect(passwordProblem("k7!pQzw-")).toBeNull();
  expect(passwordProblem("k7!pQzw-".repeat(25))).toBeNull();
  expect(passwordProblem(`${"k7!pQzw-".repeat(25)}x`)).toBe("too_long");
  expect(passwordProblem("🐘🐎🐄🐖")).toBe("password_short");
  expect(passwordProblem("🐘🐎🐄🐖🐏🐑🐕🐈")).toBeNull();
  expect(passwordProblem("🐘🐎🐄🐖k7!pQzw-".repeat(10))).toBeNull();
  expect(passwordProblem("k7!pQzw-klm", { isAdmin: true })).toBe("password_short_admin");
  expect(passwordProblem("k7!pQzw-klmn", { isAdmin: true })).toBeNull();
});

test("a short name in a long password is no reason to refuse it", () => {
  expect(passwordProblem("batteries of the yard", { firstName: "Ya", lastName: "Yar" })).toBeNull();
});
