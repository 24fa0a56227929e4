import { expect, test } from "vitest";
import { getUtmDataFromCookies, getUtmForBitrix24, type Touch, touchCookies } from "./utmUtils";

const now = new Date("2026-11-22T10:00:00.000Z");
const at = now.toISOString();

/** A browser in small: visits pages and keeps the cookies it is given. */
function browser() {
  const jar = new Map<string, string>();
  return {
    header: () => [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
    visit(path: string, referrer?: string) {
      const written = touchCookies({
        url: new URL(path, "https://site.example"),
        referrer,
        cookieHeader: this.header(),
        ownHosts: ["www.site.example"],
        secure: true,
        now,
      });
      for (const cookie of written) {
        const [pair = ""] = cookie.split(";");
        jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
      }
      return written;
    },
    utm() {
      return getUtmDataFromCookies(this.header());
    },
  };
}

const visits: [name: string, path: string, referrer: string | undefined, expected: Touch | null][] = [
  ["a direct visit says nothing", "/", undefined, null],
  ["our own pages are no source", "/", "https://site.example/register", null],
  ["another host of ours is no source", "/", "https://www.site.example/", null],
  ["an unreadable referrer is ignored", "/", "not an address", null],
  ["an app's referrer is ignored", "/", "android-app://com.example/", null],
  ["unknown parameters are ignored", "/?utm_id=7&email=a@b.c", undefined, null],
  ["blank marks are ignored", "/?utm_source=%20&gclid=", undefined, null],
  [
    "a search engine loses its query",
    "/register",
    "https://ya.ru/search/?text=private#x",
    { referrer: "https://ya.ru/search/", landing: "/register", at },
  ],
  [
    "all five marks and a click id",
    "/?utm_source=vk&utm_medium=cpc&utm_campaign=осень&utm_content=1&utm_term=a+b&yclid=9",
    undefined,
    {
      utm_source: "vk",
      utm_medium: "cpc",
      utm_campaign: "осень",
      utm_content: "1",
      utm_term: "a b",
      yclid: "9",
      landing: "/",
      at,
    },
  ],
  [
    "of a repeated mark the first counts",
    "/?utm_source=a&utm_source=b",
    undefined,
    { utm_source: "a", landing: "/", at },
  ],
  ["control characters are dropped", "/?utm_source=a%00%0D%0Ab", undefined, { utm_source: "ab", landing: "/", at }],
  ["broken percent signs do no harm", "/?utm_source=%E0%A4%A", undefined, { utm_source: "�%A", landing: "/", at }],
];

for (const [name, path, referrer, expected] of visits) {
  test(`last touch: ${name}`, () => {
    const visitor = browser();
    visitor.visit(path, referrer);
    expect(visitor.utm().last).toEqual(expected);
  });
}

test("the first touch is never overwritten, the last one is", () => {
  const visitor = browser();
  visitor.visit("/?utm_source=first");
  visitor.visit("/?utm_source=second");
  expect(visitor.utm()).toMatchObject({ first: { utm_source: "first" }, last: { utm_source: "second" } });
});

test("walking about the site sets no cookie again", () => {
  const visitor = browser();
  expect(visitor.visit("/?utm_source=a")).toHaveLength(2);
  expect(visitor.visit("/register", "https://site.example/?utm_source=a")).toEqual([]);
  expect(visitor.utm().last).toMatchObject({ utm_source: "a" });
});

test("a direct first visit is remembered as the first touch", () => {
  const visitor = browser();
  visitor.visit("/offer");
  visitor.visit("/?utm_source=later");
  expect(visitor.utm().first).toEqual({ landing: "/offer", at });
});

test("a long value is cut at a whole character", () => {
  const visitor = browser();
  visitor.visit(`/?utm_source=${"😀".repeat(300)}`);
  expect(visitor.utm().last?.utm_source).toBe("😀".repeat(255));
});

test("the largest possible touch stays below 3 kB and keeps what matters most", () => {
  const visitor = browser();
  const long = encodeURIComponent("щ".repeat(255));
  const marks = ["utm_term", "utm_content", "utm_campaign", "utm_medium", "utm_source", "gclid", "roistat"];
  const written = visitor.visit(`/?${marks.map((key) => `${key}=${long}`).join("&")}`, "https://ya.ru/");
  for (const cookie of written) expect(cookie.length).toBeLessThanOrEqual(3 * 1024);
  const last = visitor.utm().last;
  expect(Object.keys(last ?? {})).toEqual(expect.arrayContaining(["utm_source", "utm_medium", "utm_campaign", "at"]));
  expect(last).not.toHaveProperty("roistat");
});

test("cookies are out of reach of scripts, and of plain http on a secure site", () => {
  for (const cookie of browser().visit("/?utm_source=a")) expect(cookie).toMatch(/; HttpOnly; SameSite=Lax; Secure$/);
});

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const tampered: [name: string, cookie: string][] = [
  ["no base64", "utm_last=%%%"],
  ["no JSON", `utm_last=${Buffer.from("{").toString("base64url")}`],
  ["null", `utm_last=${encoded(null)}`],
  ["an array", `utm_last=${encoded(["utm_source"])}`],
  ["a text", `utm_last=${encoded("utm_source")}`],
  ["foreign keys", `utm_last=${encoded({ __proto__: { utm_source: "x" }, admin: true })}`],
  ["values of other types", `utm_last=${encoded({ utm_source: { $ne: 1 }, gclid: 7, at: null })}`],
  ["too long", `utm_last=${encoded({ utm_source: "a".repeat(5_000) })}`],
  ["empty", "utm_last="],
  ["no equals sign", "utm_last"],
];

for (const [name, cookie] of tampered) {
  test(`a tampered cookie counts as none: ${name}`, () => {
    expect(getUtmDataFromCookies(cookie)).toEqual({ first: null, last: null });
  });
}

test("values inside a tampered cookie are cleaned like those of an address", () => {
  const cookie = `utm_last=${encoded({ utm_source: `a\0${"b".repeat(300)}`, extra: 1 })}`;
  expect(getUtmDataFromCookies(cookie).last).toEqual({ utm_source: `a${"b".repeat(254)}` });
});

test("plain cookies named like the parameters count while there are none of ours", () => {
  const plain = "utm_source=google; utm_campaign=%D0%BE%D1%81%D0%B5%D0%BD%D1%8C; utm_term=100%; other=1";
  const touch = { utm_source: "google", utm_campaign: "осень", utm_term: "100%" };
  expect(getUtmDataFromCookies(plain)).toEqual({ first: touch, last: touch });
  expect(getUtmDataFromCookies(`${plain}; utm_last=${encoded({ utm_source: "ours" })}`).last).toEqual({
    utm_source: "ours",
  });
});

test("Bitrix24 gets the last touch in its own names, and only what is known", () => {
  const utm = { first: { utm_source: "first" }, last: { utm_source: "vk", utm_term: "a", gclid: "1", landing: "/" } };
  expect(getUtmForBitrix24(utm)).toEqual({ UTM_SOURCE: "vk", UTM_TERM: "a" });
  expect(getUtmForBitrix24({ first: { utm_source: "first" }, last: null })).toEqual({});
});
