import { expect, test } from "vitest";
import { framingSite, handedParameters, handedVisit, visitOf } from "./handed-visit";
import { getUtmForBitrix24, getVisitForBitrix24 } from "./utmUtils";

const env = {
  EMBED_ORIGINS: ["https://shop.example.com", "https://магазин.рф"].map((site) => new URL(site).origin),
  OWN_HOSTS: [] as string[],
};
const now = new Date("2026-11-26T10:00:00Z");
const at = now.toISOString();

const handover = (query: Record<string, string> | string, referer: string | null = null, own = env) => ({
  url: new URL(`https://desk.example/embed?${new URLSearchParams(query)}`),
  referer,
  env: own,
});
const handed = (...args: Parameters<typeof handover>) => visitOf(handedVisit(handover(...args), now)).last;

test("the tags that a page's script hands over are those of the registration, with page and referrer", () => {
  const visit = handedVisit(
    handover({
      utm_source: "vk",
      utm_campaign: "осень",
      yclid: "123",
      roistat: "77",
      _page: "https://shop.example.com/landing",
      _referrer: "https://vk.com/feed?secret=1",
    }),
    now,
  );
  const touch = {
    utm_source: "vk",
    utm_campaign: "осень",
    yclid: "123",
    roistat: "77",
    at,
    referrer: "https://vk.com/feed",
    landing: "https://shop.example.com/landing",
  };
  expect(visitOf(visit)).toEqual({ first: touch, last: touch });
  expect(getUtmForBitrix24(visitOf(visit))).toEqual({ UTM_SOURCE: "vk", UTM_CAMPAIGN: "осень" });
  expect(getVisitForBitrix24(visitOf(visit))).toMatchObject({
    yclid: "123",
    landing: "https://shop.example.com/landing",
  });
});

test("a frame alone takes the tags of the page that its Referer names whole", () => {
  expect(handed({}, "https://shop.example.com/sale?utm_source=ya&gclid=Abc-1&email=a@b.example")).toEqual({
    utm_source: "ya",
    gclid: "Abc-1",
    at,
    landing: "https://shop.example.com/sale",
  });
});

test("tags that the owner wrote into the frame's address count before those of the page", () => {
  expect(handed({ utm_source: "partner" }, "https://shop.example.com/?utm_source=ya&utm_medium=cpc")).toEqual({
    utm_source: "partner",
    at,
    landing: "https://shop.example.com/",
  });
});

test("of a page that names only its origin, the origin is known", () => {
  expect(handed({}, "https://shop.example.com/")).toEqual({ at, landing: "https://shop.example.com/" });
});

test("of a page that names nothing, only tags of the frame's address are known, and no page of ours", () => {
  expect(handed({ utm_source: "partner" })).toEqual({ utm_source: "partner", at });
  expect(handed({})).toBeNull();
  expect(handedVisit(handover({}))).toBe("");
});

test("a referrer of the same site is none, with the hosts below it and the owner's other sites", () => {
  const from = (referrer: string, own = env) =>
    handed({ _page: "https://shop.example.com/", _referrer: referrer }, null, own)?.referrer;
  expect(from("https://shop.example.com/other")).toBeUndefined();
  expect(from("https://www.example.com/")).toBeUndefined();
  expect(from("https://club.example/", { ...env, OWN_HOSTS: ["club.example"] })).toBeUndefined();
  expect(from("https://club.example/")).toBe("https://club.example/");
  expect(from("javascript:alert(1)")).toBeUndefined();
});

test("a page of the owner's other site that linked here gives its tags, where the form's page has none", () => {
  expect(
    handed({ _page: "https://shop.example.com/", _referrer: "https://www.example.com/?utm_source=mail" }),
  ).toMatchObject({ utm_source: "mail" });
});

const strangers = [
  "https://evil.example/",
  "https://shop.example.com.evil.example/",
  "https://shop.example.com./",
  "https://shop.example.com:8443/",
  "http://shop.example.com/",
  "https://shop.example.com@evil.example/",
  "null",
  "about:blank",
  "javascript:alert(1)",
  "//shop.example.com/",
  "https://desk.example/embed",
  "",
];
for (const stranger of strangers)
  test(`${JSON.stringify(stranger)} is not told the form's height, and is no landing page`, () => {
    for (const each of [handover({ _page: stranger }), handover({}, stranger)]) expect(framingSite(each)).toBeNull();
    expect(handed({ _page: stranger, utm_source: "a" })).toEqual({ utm_source: "a", at });
  });

test("an allowed site is recognised by its page or by the Referer, in letters and in punycode", () => {
  const rf = "https://xn--80aairftm.xn--p1ai";
  expect(framingSite(handover({ _page: "https://магазин.рф/страница" }))).toBe(rf);
  expect(framingSite(handover({}, `${rf}/`))).toBe(rf);
  expect(framingSite(handover({ _page: "https://evil.example/" }, "https://shop.example.com/"))).toBe(
    "https://shop.example.com",
  );
});

test("hidden questions take the form's own address before that of an allowed page", () => {
  const taken = (query: Record<string, string>, referer: string) =>
    ["city", "promo"].map((name) => handedParameters(handover(query, referer)).get(name));
  const page = "?city=Ufa&promo=a%26b";
  expect(taken({ city: "Kazan" }, `https://shop.example.com/${page}`)).toEqual(["Kazan", "a&b"]);
  expect(taken({ city: "Kazan" }, `https://evil.example/${page}`)).toEqual(["Kazan", null]);
});

test("garbage in the form's field is no visit, and cannot be more than a visit", () => {
  for (const field of [
    "",
    "%%%",
    "a".repeat(10_000),
    btoa("[]"),
    btoa('"a"'),
    btoa('{"__proto__":{"x":1}}'),
    null,
    7,
    new File([], "a"),
  ])
    expect(visitOf(field)).toEqual({ first: null, last: null });
  const sent = Buffer.from(
    JSON.stringify({ utm_source: "a\u0000b", role: "ADMIN", gclid: "x".repeat(2_000) }),
  ).toString("base64url");
  expect(visitOf(sent).last).toEqual({ utm_source: "ab" });
});

test("tags of any length leave a field that a form can carry", () => {
  const long = Object.fromEntries(
    ["utm_source", "utm_medium", "utm_campaign", "gclid", "yclid", "fbclid"].map((key) => [key, "я".repeat(250)]),
  );
  expect(
    handedVisit(handover({ ...long, _page: `https://shop.example.com/${"a".repeat(5_000)}` })).length,
  ).toBeLessThan(3_000);
});
