import { afterAll, beforeAll, expect, test } from "vitest";
import * as conversions from "~/routes/admin.conversions_.$id[.]csv";
import * as peoplesData from "~/routes/admin.users_.$id.data[.]json";
import * as erased from "~/routes/erased";
import * as locale from "~/routes/locale";
import * as logout from "~/routes/logout";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { DatabaseAwayError } from "~server/database/unavailable";

let app: ApiApp;
let cast: Awaited<ReturnType<typeof makeCast>>;

const whileAway = () => {
  throw new DatabaseAwayError();
};

beforeAll(async () => {
  const pages = {
    erased,
    locale,
    logout,
    "admin/users/:id/data.json": peoplesData,
    "admin/conversions/:id.csv": conversions,
    "away.csv": { loader: whileAway, action: whileAway },
  };
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild(pages));
  cast = await makeCast(app.services);
});
afterAll(() => app.stop());

async function ask(path: string, init: RequestInit = {}) {
  const { status, headers, text } = await app.fetch(path, init).then(async (answer) => ({
    status: answer.status,
    headers: answer.headers,
    text: await answer.text(),
  }));
  return { status, headers, text };
}

const asAdmin = () => ({ headers: cast.headers.admin });
const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });

const refused: [what: string, status: number, words: string, path: string, init: () => RequestInit][] = [
  ["a copy of nobody's data", 404, "По этому адресу ничего нет.", "/admin/users/999999/data.json", asAdmin],
  ["a copy for a number that is none", 404, "По этому адресу ничего нет.", "/admin/users/abc/data.json", asAdmin],
  [
    "a copy that is asked for by another person",
    403,
    "только администраторам",
    "/admin/users/1/data.json",
    () => ({ headers: cast.headers.self }),
  ],
  ["a file that was never made", 404, "По этому адресу ничего нет.", "/admin/conversions/999.csv", asAdmin],
  ["a language that there is none of", 400, "не удалось прочитать", "/locale", () => form({ lang: "xx" })],
  [
    "a language that is no form",
    415,
    "принимает только формы",
    "/locale",
    () => ({ method: "POST", body: "{}", headers: { "content-type": "application/json" } }),
  ],
  ["a link that would sign out", 405, "только формы наших страниц", "/logout", () => ({})],
  ["a link that would switch the language", 405, "только формы наших страниц", "/locale", () => ({})],
];

for (const [what, status, words, path, init] of refused)
  test(`where there is no page, a person reads what is wrong: ${what}`, async () => {
    const answer = await ask(path, init());
    expect(answer.status, answer.text).toBe(status);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.text).toContain(words);
    expect(answer.text).toMatch(/<p lang="en">[A-Z]/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("allow")).toBe(status === 405 ? "POST" : null);
  });

for (const init of [{} as RequestInit, form({})])
  test(`without the database a download says when to come again: ${init.method ?? "GET"}`, async () => {
    const answer = await ask("/away.csv", init);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(answer.text).toContain("База данных сейчас не отвечает");
  });

test("a script that asks for the same gets the status as data, for the page that is open", async () => {
  const answer = await ask("/away.csv.data");
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(answer.text).not.toContain("<html");
});

test("a page that takes no forms says by which methods it can be asked", async () => {
  const answer = await ask("/erased", form({}));
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});
