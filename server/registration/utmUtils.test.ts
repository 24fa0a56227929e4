import { expect, test } from "vitest";
import { at, browser, now } from "../test/browser";
import { getUtmDataFromCookies, getUtmForBitrix24, getVisitForBitrix24, type Touch, touchCookies } from "./utmUtils";

const visits: [name: string, path: string, referrer: string | undefined, expected: Touch | null][] = [
  ["a direct visit says nothing", "/", undefined, null],
  ["our own pages are no source", "/", "https://site.example/register", null],
  ["another host of ours is no source", "/", "https://www.site.example/", null],
  ["an unreadable referrer is ignored", "/", "not an address", null],
  ["an app's referrer is ignored", "/", "android-app://com.example/", null],
  ["unknown parameters are ignored", "/?utm_id=7&email=a@b.c", undefined, null],
  ["blank tags are ignored", "/?utm_source=%20&gclid=", undefined, null],
  [
    "a search engine loses its query",
    "/register",
    "https://ya.ru/search/?text=private#x",
    { referrer: "https://ya.ru/search/", landing: "/register", at },
  ],
  [
    "all five tags and a click id",
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
    "of a repeated tag the first counts",
    "/?utm_source=a&utm_source=b",
    undefined,
    { utm_source: "a", landing: "/", at },
  ],
  ["control characters are dropped", "/?utm_source=a%00%0D%0Ab", undefined, { utm_source: "ab", landing: "/", at }],
  [
    "what cannot be read is dropped",
    "/?utm_source=%E0%A4%A&utm_medium=cpc",
    undefined,
    { utm_medium: "cpc", landing: "/", at },
  ],
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
  const tags = ["utm_term", "utm_content", "utm_campaign", "utm_medium", "utm_source", "gclid", "roistat"];
  const written = visitor.visit(`/?${tags.map((key) => `${key}=${long}`).join("&")}`, "https://ya.ru/");
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
  const broken = { utm_medium: "\ufffd\ufffd", gclid: "a\ufffd", roistat: "1\ufffd" };
  const cookie = `utm_last=${encoded({ utm_source: `a\0${"b".repeat(300)}`, ...broken, extra: 1 })}`;
  expect(getUtmDataFromCookies(cookie).last).toEqual({ utm_source: `a${"b".repeat(254)}` });
});

test("a bare visit replaces no campaign: the visitor's mail, a search engine, a site of ours", () => {
  const visitor = browser();
  visitor.visit("/?utm_source=ad&utm_campaign=spring");
  for (const referrer of ["https://mail.yandex.ru/", "https://www.google.com/", "https://shop.site.example/"]) {
    expect(visitor.visit("/", referrer)).toEqual([]);
    expect(visitor.utm().last).toMatchObject({ utm_source: "ad", utm_campaign: "spring" });
  }
  visitor.visit("/?gclid=g2");
  expect(visitor.utm().last).toEqual({ utm_source: "ad", utm_campaign: "spring", gclid: "g2", landing: "/", at });
});

test("while no campaign is known, the last foreign site counts", () => {
  const visitor = browser();
  visitor.visit("/", "https://ya.ru/");
  visitor.visit("/", "https://www.google.com/");
  expect(visitor.utm()).toMatchObject({
    first: { referrer: "https://ya.ru/" },
    last: { referrer: "https://www.google.com/" },
  });
});

test("hosts under the site's own domain are ours, other sites of the same provider are not", () => {
  const from = (site: string, referrer: string, ownHosts: string[] = []) =>
    touchCookies({ url: new URL(site), referrer, cookieHeader: "", ownHosts, secure: true, now }).length === 1;
  expect(from("https://register.example.com/", "https://www.example.com/landing")).toBe(true);
  expect(from("https://register.example.com/", "https://example.com:8443/")).toBe(true);
  expect(from("https://register.example.co.uk/", "https://other.co.uk/")).toBe(false);
  expect(from("https://запись.компания.рф/", "https://компания.рф/")).toBe(true);
  expect(from("https://one.github.io/", "https://two.github.io/")).toBe(false);
  expect(from("http://localhost:3000/", "http://localhost:8080/")).toBe(true);
  expect(from("https://register.example.com/", "https://notexample.com/")).toBe(false);
  expect(from("https://register.example.com/", "https://promo.example.net/", ["example.net"])).toBe(true);
  expect(from("https://register.example.com/", "https://other.tilda.ws/", ["company.tilda.ws"])).toBe(false);
});

test("tags of the main site's page that leads here count as ours, and going back and forth is no new click", () => {
  const visitor = browser();
  visitor.visit("/register", "https://www.site.example/landing?utm_source=vk&utm_medium=cpc");
  expect(visitor.utm()).toMatchObject({ first: { utm_source: "vk" }, last: { utm_source: "vk", utm_medium: "cpc" } });
  expect(visitor.visit("/register", "https://www.site.example/landing?utm_source=vk&utm_medium=cpc")).toEqual([]);
  visitor.visit("/register", "https://foreign.example/?utm_source=stolen");
  expect(visitor.utm().last).toMatchObject({ utm_source: "vk" });
});

test("plain cookies of the main site fill a touch that has no tags, first and last, whenever they were set", () => {
  const plain = "utm_source=tilda; UTM_Medium=cpc; utm_campaign=%25D0%25BE%25D1%2581";
  const tags = { utm_source: "tilda", utm_medium: "cpc", utm_campaign: "ос" };
  const visitor = browser();
  visitor.visit("/register", "https://ya.ru/");
  expect(getUtmDataFromCookies(`${visitor.header()}; ${plain}`)).toEqual({
    first: { referrer: "https://ya.ru/", landing: "/register", at, ...tags },
    last: { referrer: "https://ya.ru/", landing: "/register", at, ...tags },
  });
  visitor.visit("/?utm_source=vk");
  expect(getUtmDataFromCookies(`${visitor.header()}; ${plain}`)).toEqual({
    first: { referrer: "https://ya.ru/", landing: "/register", at, ...tags },
    last: { utm_source: "vk", landing: "/", at },
  });
});

test("the visit that Roistat counts goes with every touch", () => {
  const visitor = browser();
  visitor.visit("/?utm_source=vk");
  expect(getUtmDataFromCookies(`${visitor.header()}; roistat_visit=4711`)).toMatchObject({
    first: { utm_source: "vk", roistat: "4711" },
    last: { utm_source: "vk", roistat: "4711" },
  });
  expect(getUtmDataFromCookies("roistat_visit=4711")).toEqual({
    first: { roistat: "4711" },
    last: { roistat: "4711" },
  });
});

test("the ids of Metrica's and Google's counters go with every touch, and are no sign of where a visitor came from", () => {
  const counters = "_ym_uid=1628529640459314054; _ga=GA1.2.1177545873.1640608888";
  const ids = { ym_client_id: "1628529640459314054", ga_client_id: "1177545873.1640608888" };
  const visitor = browser();
  visitor.visit("/?utm_source=vk");
  const { first, last } = getUtmDataFromCookies(`${visitor.header()}; ${counters}`);
  expect([first, last]).toEqual([
    { utm_source: "vk", landing: "/", at, ...ids },
    { utm_source: "vk", landing: "/", at, ...ids },
  ]);
  expect(getUtmDataFromCookies(counters)).toEqual({ first: ids, last: ids });
  // A visit with nothing else tells the portal nothing.
  expect(getVisitForBitrix24({ first: ids, last: ids })).toEqual({});
  const came = { first: { yclid: "9", landing: "/" }, last: ids };
  expect(getVisitForBitrix24(came)).toEqual({ yclid: "9", landing: "/" });
  // Nor is a visit with such an id a new touch.
  expect(visitor.visit("/?ym_client_id=1628529640459314054")).toEqual([]);
});

test.each([
  ["_ga=GA1.1-2.11.22", { ga_client_id: "11.22" }],
  ["_ga=GA1.3.amp-x1", null],
  ["_ga=GA1.2.=cmd.1", null],
  ["_ga=11.22", null],
  ["_ym_uid=abc", null],
  ["_ym_uid=0", null],
  ["_ym_uid=-1628529640459314054", null],
  [`_ym_uid=1${"0".repeat(30)}`, null],
  ["_ym_uid=", null],
  ["ym_client_id=%3D1%2B1", null],
])("%s is an id only if a counter writes such ids", (cookie, touch) => {
  expect(getUtmDataFromCookies(cookie)).toEqual({ first: touch, last: touch });
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
  expect(getUtmForBitrix24({ first: { utm_source: "first" }, last: null })).toEqual({ UTM_SOURCE: "first" });
  expect(
    getUtmForBitrix24({ first: { utm_source: "first" }, last: { referrer: "https://ya.ru/", gclid: "1" } }),
  ).toEqual({
    UTM_SOURCE: "first",
  });
  expect(getUtmForBitrix24({ first: { landing: "/" }, last: null })).toEqual({});
});

test("the visit that Bitrix24 is told of is that of the touch whose campaign it is told", () => {
  const first = { utm_source: "ads", gclid: "1", landing: "/" };
  const last = { referrer: "https://mail.example/", landing: "/register" };
  expect(getVisitForBitrix24({ first, last })).toEqual({ gclid: "1", landing: "/" });
  expect(getVisitForBitrix24({ first: { landing: "/" }, last })).toEqual(last);
  expect(getVisitForBitrix24({ first: null, last: null })).toEqual({});
});
