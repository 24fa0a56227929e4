import { expect, test } from "vitest";
import { browser, now } from "../test/browser";
import { getUtmDataFromCookies, getUtmForBitrix24, touchCookies } from "./utmUtils";

test("a visit with a click id alone takes no campaign away that only the last touch tells", () => {
  const visitor = browser();
  visitor.visit("/");
  visitor.visit("/?utm_source=newsletter");
  expect(visitor.visit("/?fbclid=f1")).toEqual([]);
  expect(getUtmForBitrix24(visitor.utm())).toEqual({ UTM_SOURCE: "newsletter" });
  visitor.visit("/?utm_source=vk&utm_campaign=spring");
  visitor.visit("/?gclid=g1", "https://www.google.com/");
  expect(getUtmForBitrix24(visitor.utm())).toEqual({ UTM_SOURCE: "vk", UTM_CAMPAIGN: "spring" });
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
