import { expect, test } from "vitest";
import { clickKeys } from "../platform/utm-keys";
import { readPlainTags, readTags, type Tags } from "./read-tags";

const queries: [name: string, query: string, tags: Tags][] = [
  ["nothing", "", {}],
  ["a percent sign of its own", "?utm_source=100%&utm_term=50%25%20off", { utm_source: "100%", utm_term: "50% off" }],
  [
    "windows-1251",
    "?utm_source=%FF%ED%E4%E5%EA%F1&utm_campaign=%CE%F1%E5%ED%FC+2026",
    { utm_source: "яндекс", utm_campaign: "Осень 2026" },
  ],
  [
    "what was encoded twice, or three times",
    "?utm_campaign=%25D0%25BE%25D1%2581&utm_content=a%252520b",
    { utm_campaign: "ос", utm_content: "a b" },
  ],
  ["what was encoded twice in windows-1251", "?utm_campaign=%25EE%25F1%25E5%25ED%25FC", { utm_campaign: "осень" }],
  [
    "a percent sign of its own that was encoded, before what looks like a code",
    "?utm_content=100%25ab&utm_term=50%25ba&utm_campaign=%D0%B8%D0%B8%25ab",
    { utm_content: "100%ab", utm_term: "50%ba", utm_campaign: "ии%ab" },
  ],
  [
    "the letters before one that was cut",
    "?utm_campaign=%D0%BF%D1&utm_content=%D0%BF%D1%8&utm_term=%D0%BF%D1%&utm_source=%25D0%25BF%25D1",
    { utm_campaign: "п", utm_content: "п", utm_term: "п", utm_source: "п" },
  ],
  ["an emoji that was cut behind others", "?utm_campaign=%F0%9F%8D%93%F0%9F%8D", { utm_campaign: "🍓" }],
  [
    "windows-1251 that ends like a cut letter",
    "?utm_campaign=50%25%d1&utm_term=%ED%E5%D1",
    { utm_campaign: "50%С", utm_term: "неС" },
  ],
  ["letters with an accent before a code of a second layer", "?utm_term=caf%C3%A9%2520noir", { utm_term: "café noir" }],
  ["codes of the old escape()", "?utm_campaign=%u043E%u0441", { utm_campaign: "ос" }],
  [
    "ampersands of a mail's template",
    "?utm_source=mail&amp;utm_medium=email&amp;amp;utm_term=a%26amp%3Butm_content=b&#038;gclid=1&amp%3Butm_campaign=c",
    { utm_source: "mail", utm_medium: "email", utm_term: "a", utm_content: "b", gclid: "1", utm_campaign: "c" },
  ],
  [
    "tags parted by semicolons",
    "?utm_source=a;utm_medium=b;c&utm_term=d",
    { utm_source: "a", utm_medium: "b;c", utm_term: "d" },
  ],
  ["ampersands in hexadecimal", "?utm_source=a&#x26;utm_medium=b", { utm_source: "a", utm_medium: "b" }],
  [
    "a query that a redirect has encoded as a whole, or from its second tag on",
    "?utm_source%3Da%2520b%26utm_medium%3Dcpc&utm_term=x%26utm_content%3Dy",
    { utm_source: "a b", utm_medium: "cpc", utm_term: "x", utm_content: "y" },
  ],
  [
    "a query that a redirect has encoded as a whole, though it begins with another parameter",
    "?page%3D1%26utm_source%3Da%26utm_medium%3Db",
    { utm_source: "a", utm_medium: "b" },
  ],
  [
    "names that were encoded",
    "?utm%5Fsource=vk&%55TM_medium=cpc;utm%5fterm=a%26utm%5Fcontent%3Db&utm%255Fcampaign=c",
    { utm_source: "vk", utm_medium: "cpc", utm_term: "a", utm_content: "b", utm_campaign: "c" },
  ],
  ["an ampersand of a mail's template in a text", "?utm_term=salt%26amp%3Bpepper", { utm_term: "salt&pepper" }],
  ["an ampersand of its own in a text", "?utm_term=salt%26pepper", { utm_term: "salt&pepper" }],
  [
    "a second question mark",
    "?page=1?utm_source=a?utm_medium=b&utm_term=why?",
    { utm_source: "a", utm_medium: "b", utm_term: "why?" },
  ],
  ["names in capitals", "?UTM_Source=a&GCLID=g", { utm_source: "a", gclid: "g" }],
  ["of a repeated tag the first that is not empty", "?utm_medium=&utm_medium=cpc&utm_medium=b", { utm_medium: "cpc" }],
  ["composed letters without invisible ones", "?utm_source=%D0%B8%CC%86%E2%80%8B", { utm_source: "й" }],
  ["of a long text its first 255 characters", `?utm_term=${"a".repeat(300)}`, { utm_term: "a".repeat(255) }],
  ["a long click id, whole", `?fbclid=${"Iw".repeat(300)}`, { fbclid: "Iw".repeat(300) }],
  [
    "each kind of click id",
    `?${clickKeys.map((key) => `${key}=x-1_2.3`).join("&")}`,
    Object.fromEntries(clickKeys.map((key) => [key, "x-1_2.3"])),
  ],
];

const nested: [name: string, query: string, tags?: Tags][] = [
  ["where our own page leads on to", "?redirectTo=%2Faccount%3Futm_source%3Dmail%26utm_medium%3Demail%26gclid%3D1"],
  ["a value that was encoded twice", "?redirectTo=%252Faccount%253Futm_source%253Dmail%2526utm_medium%253Demail"],
  ["a page of another site", "?url=https%3A%2F%2Fshop.example%2F%3Fa%3D1%26amp%3Butm_source%3Dmail"],
  ["a page without its scheme", "?url=shop.example/page?utm_source=mail"],
  ["an address that was not encoded", "?next=/account?utm_source=mail;utm_medium=email"],
  ["an address encoded with its name", "?redirectTo%3D%2Faccount%3Futm_source%3Dmail%26utm_medium%3Demail"],
  ["any text with an ampersand", "?q=a%26utm_source%3Dmail"],
  [
    "a tag that is an address",
    "?utm_content=%2Fpage%3Fa%3D1%26utm_medium%3Demail",
    { utm_content: "/page?a=1&utm_medium=email" },
  ],
];

for (const [name, query, tags = {}] of nested)
  test(`tags inside a value are none of the visit's: ${name}`, () => {
    expect(readTags(query)).toEqual(tags);
    expect(readTags(`${query}&utm_source=own`)).toEqual({ utm_source: "own", ...tags });
  });

for (const [name, query, tags] of queries)
  test(`an address gives ${name}`, () => {
    expect(readTags(query)).toEqual(tags);
  });

const unreadable: [name: string, query: string][] = [
  ["bytes of no encoding that we know", "%E0%A4%A"],
  ["windows-1251 that is no word of a language that uses it", "%A4%E0%98"],
  ["French in another encoding", "caf%E9"],
  ["what arrives broken already", "%EF%BF%BD%EF%BF%BD"],
  ["half a surrogate pair", "%uD800"],
];

for (const [name, value] of unreadable)
  test(`dropped, and nothing else with it: ${name}`, () => {
    expect(readTags(`?utm_campaign=${value}&utm_source=a`)).toEqual({ utm_source: "a" });
  });

test("a click id is kept whole or not at all", () => {
  expect(readTags(`?fbclid=${"a".repeat(1_001)}&gclid=a%00b&yclid=a%20b%20&utm_source=g`)).toEqual({
    utm_source: "g",
  });
  expect(readTags("?gclid=a+b/c%3D%3D")).toEqual({ gclid: "a+b/c==" });
});

test("plain cookies are read like an address, and Roistat's visit beside them", () => {
  const cookies = {
    UTM_Source: "tilda",
    utm_campaign: "%25D0%25BE",
    utm_term: "a+b",
    roistat_visit: "4711",
    other: "1",
  };
  expect(readPlainTags(Object.entries(cookies))).toEqual({
    utm_source: "tilda",
    utm_campaign: "о",
    utm_term: "a+b",
    roistat: "4711",
  });
  expect(readPlainTags([["utm_source", "\xff\xed\xe4\xe5\xea\xf1"]])).toEqual({ utm_source: "яндекс" });
  expect(readPlainTags([["utm_source", "\xd1\x8f"]])).toEqual({ utm_source: "я" });
});

test("quotation marks round a cookie's value are none of its own", () => {
  const tags = (value: string) => readPlainTags([["utm_campaign", value]]).utm_campaign;
  expect(['"spring sale"', '"осень', '"a" or "b', '""'].map(tags)).toEqual([
    "spring sale",
    '"осень',
    '"a" or "b',
    undefined,
  ]);
});
