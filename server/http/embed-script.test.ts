import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { expect, test } from "vitest";
import { tagKeys } from "../platform/utm-keys";
import { handedVisit, visitOf } from "../registration/handed-visit";

const script = readFileSync(join(import.meta.dirname, "../../public/embed.js"), "utf8");

interface Site {
  address?: string;
  referrer?: string;
  cookie?: string;
  attributes?: Record<string, string>;
  lang?: string;
}

/** Runs the script in a page with this address and these cookies, and returns what it has put there. */
function run({
  address = "https://shop.example.com/landing",
  referrer = "",
  cookie = "",
  attributes = {},
  lang = "en",
}: Site = {}) {
  const listeners: ((event: object) => void)[] = [];
  const frames: { src: string; title: string; style: Record<string, string>; contentWindow: object }[] = [];
  const events: string[] = [];
  const given = new Map(Object.entries(attributes));
  const element = {
    src: "https://desk.example/embed.js",
    getAttribute: (name: string) => given.get(name) ?? null,
    hasAttribute: (name: string) => given.has(name),
    setAttribute: (name: string, value: string) => void given.set(name, value),
    after: (frame: (typeof frames)[number]) => void frames.push(frame),
  };
  const { origin, host, pathname, search } = new URL(address);
  const page = {
    URL,
    URLSearchParams,
    CustomEvent,
    location: { origin, host, pathname, search },
    addEventListener: (name: string, listen: (event: object) => void) =>
      void (name === "message" && listeners.push(listen)),
    document: {
      currentScript: element,
      referrer,
      documentElement: { lang },
      head: { contains: () => false },
      body: {},
      createElement: () => ({ style: {}, contentWindow: {} }),
      dispatchEvent: ({ type }: { type: string }) => void events.push(type),
      get cookie() {
        return cookie;
      },
      set cookie(_: string) {
        throw new Error("the script sets a cookie");
      },
    },
  };
  // Whatever else a script could store something with is missing here, so that touching it throws.
  runInContext(script, createContext(page));
  const [frame] = frames;
  if (!frame) throw new Error("the script shows no frame");
  const say = (event: object) => {
    for (const listen of listeners) listen(event);
  };
  return { frame, frames, say, events, src: new URL(frame.src) };
}

const env = { EMBED_ORIGINS: ["https://shop.example.com"], OWN_HOSTS: [] as string[] };
/** What the registration of a visitor of that page keeps. */
const kept = (site: Site) => {
  const { at, landing, ...touch } =
    visitOf(handedVisit({ url: run(site).src, referer: "https://shop.example.com/", env })).last ?? {};
  return { touch, landing };
};

test("the script is smaller than 5 kB, and knows the tags that the server knows", () => {
  expect(Buffer.byteLength(script)).toBeLessThan(5_000);
  expect(/const tags = "([^"]*)"/.exec(script)?.[1]?.split(",")).toEqual([...tagKeys]);
  expect(script).not.toMatch(/localStorage|sessionStorage|indexedDB|fetch\(|XMLHttpRequest|sendBeacon|innerHTML/);
});

test("it shows the form of our site, named forms under their names, in the page's language", () => {
  expect(run().src.origin + run().src.pathname).toBe("https://desk.example/embed");
  expect(run({ attributes: { "data-form": "spring" } }).src.pathname).toBe("/embed/spring");
  expect(run({ attributes: { "data-form": "../admin?" } }).src.pathname).toBe("/embed/..%2Fadmin%3F");
  expect(run({ lang: "ru-RU" }).src.searchParams.get("lang")).toBe("ru");
  expect(run({ lang: "ru", attributes: { "data-lang": "en" } })).toMatchObject({ frame: { title: "Registration" } });
  expect(run({ lang: "de" }).src.searchParams.has("lang")).toBe(false);
});

const visits: [name: string, site: Site, touch: Record<string, string>][] = [
  [
    "tags and click ids of the address, and nothing else of it",
    { address: "https://shop.example.com/landing?utm_source=vk&email=a@b.example&yclid=7&token=secret#x" },
    { utm_source: "vk", yclid: "7" },
  ],
  [
    "tags in any encoding and case, and in damaged addresses",
    {
      address:
        "https://shop.example.com/landing?UTM_Source=%D0%AF&amp;utm_medium=a+b;utm_term=%FF%EB&utm_content=a%26b",
    },
    { utm_source: "Я", utm_medium: "a b", utm_term: "ял", utm_content: "a&b" },
  ],
  [
    "an address that a redirect has encoded",
    { address: "https://shop.example.com/landing?utm_source%3Dvk%26utm_medium%3Dcpc" },
    { utm_source: "vk", utm_medium: "cpc" },
  ],
  [
    "tags whose names were encoded",
    { address: "https://shop.example.com/landing?utm%5Fsource=vk&%55TM_medium=cpc&100%=1", cookie: "utm_term=old" },
    { utm_source: "vk", utm_medium: "cpc" },
  ],
  [
    "none of the tags of an address in another parameter",
    { address: "https://shop.example.com/landing?next=/account?utm_source=mail&back=%2Fa%3Fb%3D1%26utm_medium%3Dc" },
    {},
  ],
  [
    "the referrer without its query",
    { referrer: "https://ya.example/search?q=private" },
    { referrer: "https://ya.example/search" },
  ],
  [
    "the tags of the page before, on the same site",
    { referrer: "https://shop.example.com/?utm_source=mail&token=secret" },
    { utm_source: "mail" },
  ],
  [
    "the tags of the address rather than those of the page before",
    { address: "https://shop.example.com/landing?gclid=1", referrer: "https://shop.example.com/?utm_source=mail" },
    { gclid: "1" },
  ],
  [
    "tags in cookies that have their names, and Roistat's visit",
    { cookie: "session=secret; utm_source=a%26b; utm_term=; roistat_visit=55; other=utm_medium" },
    { utm_source: "a&b", roistat: "55" },
  ],
  [
    "tags in cookies whose values stand between quotation marks",
    { cookie: 'utm_source="spring sale"; utm_term=""; roistat_visit="55"; utm_content="' },
    { utm_source: "spring sale", utm_content: '"', roistat: "55" },
  ],
  [
    "no tags of another campaign than the address's, but Roistat's visit",
    {
      address: "https://shop.example.com/landing?utm_source=vk",
      cookie: "utm_source=old; utm_term=old; roistat_visit=55",
    },
    { utm_source: "vk", roistat: "55" },
  ],
  ["no tags at all", {}, {}],
];
test("the numbers by which the site's counters know the browser are handed over, whatever led it to the page", () => {
  const cookie = "_ga=GA1.2.1177545873.1640608888; _ym_uid=1628529640459314054; _ym_d=1; _ga_X=GS1.1.7; session=secret";
  const ids = { ym_client_id: "1628529640459314054", ga_client_id: "1177545873.1640608888" };
  expect(kept({ cookie }).touch).toEqual(ids);
  const address = "https://shop.example.com/landing?utm_source=vk";
  expect(kept({ address, cookie }).touch).toEqual({ utm_source: "vk", ...ids });
  expect(run({ cookie }).src.href).not.toMatch(/secret|_ym_d|GS1/);
  expect(kept({ cookie: "_ym_uid=a1; _ga=GA1.2.x" }).touch).toEqual({});
});

for (const [name, site, touch] of visits)
  test(`it hands over ${name}`, () => {
    expect(kept(site)).toEqual({ touch, landing: "https://shop.example.com/landing" });
    expect(run(site).src.href).not.toMatch(/secret|private|a@b|a%40b/);
  });

test("parameters that hidden questions take are handed over by name, and no other", () => {
  const site = {
    address: "https://shop.example.com/?city=%D0%A3%D1%84%D0%B0&promo=a%26b&promo=second&token=secret&_page=evil",
  };
  const { searchParams } = run({ ...site, attributes: { "data-pass": "city,promo,_page" } }).src;
  expect([...searchParams.keys()].sort()).toEqual(["_page", "city", "lang", "promo"]);
  expect(searchParams.get("city")).toBe("Уфа");
  expect(searchParams.get("promo")).toBe("a&b");
  expect(searchParams.get("_page")).toBe("https://shop.example.com/");
  expect(run(site).src.searchParams.has("city")).toBe(false);
});

test("a parameter of a hidden question is found in a damaged address, and behind a blank one of its name", () => {
  const taken = (search: string) =>
    run({ address: `https://shop.example.com/${search}`, attributes: { "data-pass": "city,promo" } }).src.searchParams;
  expect(taken("?utm_source=a&amp;city=Omsk").get("city")).toBe("Omsk");
  expect(taken("?city=&city=Omsk&promo=").getAll("city")).toEqual(["Omsk"]);
  expect(taken("?city=Omsk&promo=").has("promo")).toBe(false);
});

test("a page whose address is longer than servers read still shows the form", () => {
  const address = `https://shop.example.com/${"p".repeat(9_000)}?fbclid=${"f".repeat(9_000)}&utm_source=vk`;
  expect(run({ address }).frame.src.length).toBeLessThan(6_000);
  expect(run({ address }).src.searchParams.get("utm_source")).toBe("vk");
});

test("the frame follows the height that it tells, and what others say is not heard", () => {
  const { frame, say, events } = run();
  const { contentWindow: source } = frame;
  const start = frame.style.height;
  const message = (event: object) => {
    say({ origin: "https://desk.example", source, data: { frontDesk: { height: 555.2, registered: true } }, ...event });
    return [frame.style.height, events.length];
  };
  for (const origin of [
    "https://evil.example",
    "https://desk.example.evil.example",
    "http://desk.example",
    "https://desk.example:8443",
    "null",
    "",
  ])
    expect(message({ origin }), origin).toEqual([start, 0]);
  expect(message({ source: {} })).toEqual([start, 0]);
  expect(message({ source: null })).toEqual([start, 0]);
  for (const data of [
    null,
    undefined,
    7,
    "text",
    {},
    { frontDesk: null },
    { frontDesk: { height: "9px", registered: "yes" } },
  ])
    expect(message({ data }), JSON.stringify(data)).toEqual([start, 0]);
  for (const height of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 20_000, 1e9])
    expect(message({ data: { frontDesk: { height } } }), String(height)).toEqual([start, 0]);
  expect(message({})).toEqual(["556px", 1]);
});
