import { expect, test } from "vitest";
import { acceptLocale, requestLocale } from "~server/http/request-locale";
import { isLocale } from "./locale";

const headers: [header: string | null, locale: string][] = [
  [null, "ru"],
  ["", "ru"],
  ["en", "en"],
  ["en-GB,en;q=0.9", "en"],
  ["ru-RU,ru;q=0.9,en-US;q=0.8", "ru"],
  ["de-DE,de;q=0.9,en;q=0.5,ru;q=0.4", "en"],
  ["ru;q=0.2, en;q=0.7", "en"],
  ["EN", "en"],
  ["en_US", "en"],
  ["en_US.UTF-8", "en"],
  ["de_DE,en_GB;q=0.8", "en"],
  ["ru_RU;q=0.3,en-US;q=0.9", "en"],
  ["en;q=0, ru;q=0.1", "ru"],
  ["de,fr", "ru"],
  ["*", "ru"],
  [";;q=,=,en;q=x", "ru"],
];

for (const [header, locale] of headers) {
  test(`Accept-Language ${JSON.stringify(header)} is answered in ${locale}`, () => {
    expect(acceptLocale(header)).toBe(locale);
  });
}

test("only our own languages are languages", () => {
  expect(["ru", "en", "de", "constructor", "", null, 1].filter(isLocale)).toEqual(["ru", "en"]);
});

test("the language that was chosen counts before the one the browser asks for: the cookie, else the address", () => {
  const asks = (cookie: string, address = "/") =>
    requestLocale({
      url: address,
      headers: new Headers({ "accept-language": "ru", ...(cookie ? { cookie } : {}) }),
    });
  expect(asks("lang=en")).toBe("en");
  expect(asks("", "https://site.example/register?lang=en")).toBe("en");
  expect(asks("lang=ru", "/?lang=en")).toBe("ru");
  expect(asks("lang=de", "/?lang=xx")).toBe("ru");
  // The main site's cookie of the same name.
  expect(asks("lang=de_DE; lang=en")).toBe("en");
});
