import { data } from "@remix-run/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as embed from "~/routes/embed.($form)";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { DatabaseAwayError } from "~server/database/unavailable";

let app: ApiApp;

const failing = (error: unknown) => {
  const fail = () => {
    throw error;
  };
  return { loader: fail, action: fail, default: () => null };
};
const thrown = (status: number) => failing(data(null, { status }));

beforeAll(async () => {
  const pages = {
    "400": thrown(400),
    "403": thrown(403),
    "404": thrown(404),
    "410": thrown(410),
    "500": failing(new Error("a fault of ours")),
    "503": failing(new DatabaseAwayError()),
    "embed/:form": embed,
    "404.csv": { loader: thrown(404).loader },
    "503.csv": { loader: failing(new DatabaseAwayError()).loader },
  };
  app = await startApiApp({ APP_URL: "http://localhost:3000", SITE_NAME: "Books & <Co>" }, pageBuild(pages));
});
afterAll(() => app.stop());

async function titleOf(path: string, language: string, init: RequestInit = {}) {
  const answer = await app.fetch(path, { ...init, headers: { "accept-language": language } });
  const text = await answer.text();
  return { status: answer.status, title: /<title[^>]*>([^<]*)<\/title>/.exec(text)?.[1], text };
}

const name = "Books &amp; &lt;Co&gt;";
const titles = [
  [400, "We could not read that", "Не удалось прочитать запрос"],
  [403, "You do not have access to this page", "Нет доступа к этой странице"],
  [404, "There is no such page", "Такой страницы нет"],
  [410, "This form no longer accepts registrations", "Эта форма больше не принимает регистрации"],
  [500, "Something went wrong on our side", "У нас что-то пошло не так"],
  [503, "The site will be back in a moment", "Сайт скоро вернётся"],
] as const;

for (const [status, en, ru] of titles)
  for (const method of ["GET", "POST"])
    test(`the title of an error page says what happened, and where: ${status} after ${method}`, async () => {
      const ask = (language: string) => titleOf(`/${status}`, language, { method });
      expect(await ask("en")).toMatchObject({ status, title: `${en} · ${name}` });
      expect(await ask("ru")).toMatchObject({ status, title: `${ru} · ${name}` });
    });

test("the browser keeps the site's name where the page's frame has no data", async () => {
  const { text } = await titleOf("/404", "en", { method: "POST" });
  expect(text).toContain(`<meta name="application-name" content="Books &amp; &lt;Co&gt;"/>`);
  expect((await titleOf("/404", "en")).text).not.toContain("application-name");
});

test("the form inside another site's page has such a title too", async () => {
  expect(await titleOf("/embed/nothing", "en")).toMatchObject({ title: `There is no such page · ${name}` });
});

test.each([
  ["/404.csv", 404, "There is nothing at this address", "По этому адресу ничего нет"],
  ["/503.csv", 503, "Our database is not responding", "База данных сейчас не отвечает"],
  ["/404?_data=root", 400, "The request cannot be read", "Запрос не удалось прочитать"],
])("so has an answer in place of a page: %s", async (path, status, en, ru) => {
  const escaped = "Books &amp; &lt;Co>";
  expect(await titleOf(path, "en")).toMatchObject({ status, title: `${en} · ${escaped}` });
  expect(await titleOf(path, "ru")).toMatchObject({ status, title: `${ru} · ${escaped}` });
  expect((await titleOf(path, "en")).text).toContain('<html lang="en">');
});
