import { expect, test } from "vitest";
import { at, browser, now } from "../test/browser";
import { getUtmDataFromCookies, getUtmForBitrix24, getVisitForBitrix24, touchCookies } from "./utmUtils";

test("a click id alone is added to the campaign of the last touch", () => {
  const visitor = browser();
  visitor.visit("/");
  visitor.visit("/offer?utm_source=newsletter&yclid=y1", "https://mail.example/");
  visitor.visit("/?fbclid=f1");
  visitor.visit("/?yclid=y2&gclid=g1", "https://www.google.com/");
  expect(visitor.utm()).toEqual({
    first: { landing: "/", at },
    last: {
      ...{ utm_source: "newsletter", yclid: "y2", gclid: "g1", fbclid: "f1" },
      ...{ referrer: "https://mail.example/", landing: "/offer", at },
    },
  });
  expect(getUtmForBitrix24(visitor.utm())).toEqual({ UTM_SOURCE: "newsletter" });
  expect(getVisitForBitrix24(visitor.utm())).toMatchObject({ gclid: "g1", landing: "/offer" });
  visitor.visit("/?utm_source=vk&utm_campaign=spring");
  expect(visitor.utm().last).toEqual({ utm_source: "vk", utm_campaign: "spring", landing: "/", at });
});

test("click ids are added to the campaign of the first visit as well, and the deal is told of all of them", () => {
  const visitor = browser();
  for (const path of ["/?utm_source=newsletter", "/?gclid=g1", "/?yclid=y2"]) visitor.visit(path);
  expect(visitor.utm()).toMatchObject({
    first: { utm_source: "newsletter" },
    last: { utm_source: "newsletter", gclid: "g1", yclid: "y2" },
  });
  expect(getUtmForBitrix24(visitor.utm())).toEqual({ UTM_SOURCE: "newsletter" });
  expect(getVisitForBitrix24(visitor.utm())).toEqual({ gclid: "g1", yclid: "y2", landing: "/" });
});

test("a click id added to a campaign of long names leaves a cookie that can be read", () => {
  const visitor = browser();
  const long = encodeURIComponent("щ".repeat(255));
  visitor.visit("/");
  visitor.visit(`/?${["utm_source", "utm_medium", "utm_campaign"].map((key) => `${key}=${long}`).join("&")}`);
  const [cookie = ""] = visitor.visit(`/?yclid=7&fbclid=${"f".repeat(900)}`);
  expect(cookie.length).toBeLessThanOrEqual(3 * 1024);
  expect(visitor.utm().last).toMatchObject({ utm_campaign: "щ".repeat(255), yclid: "7" });
});

test("nor does such a visit bring back the campaign of the first touch once another has followed", () => {
  const visitor = browser();
  visitor.visit("/?utm_source=ad");
  visitor.visit("/?utm_source=newsletter");
  visitor.visit("/?fbclid=f1");
  expect(getUtmForBitrix24(visitor.utm())).toEqual({ UTM_SOURCE: "newsletter" });
});

test("cookies of the main site that are called like ours do not hide ours", () => {
  const visitor = browser();
  visitor.visit("/?utm_source=vk&utm_medium=cpc");
  const header = `utm_first=google; utm_last=%7B%22utm_source%22%3A1%7D; ${visitor.header()}`;
  expect(getUtmDataFromCookies(header)).toEqual(visitor.utm());
  const again = touchCookies({
    url: new URL("https://site.example/register"),
    referrer: "https://ya.ru/",
    cookieHeader: header,
    ownHosts: [],
    secure: true,
    now,
  });
  expect(again).toEqual([]);
});

test("of plain cookies with one name the first that says something counts", () => {
  const header = 'utm_source=; utm_source=b; utm_source=c; _ga=none; _ga=GA1.1.11.22; utm_campaign="spring sale"';
  const touch = { utm_source: "b", utm_campaign: "spring sale", ga_client_id: "11.22" };
  expect(getUtmDataFromCookies(header)).toEqual({ first: touch, last: touch });
});
