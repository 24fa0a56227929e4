import { afterAll, beforeAll, expect, test } from "vitest";
import { rightsTexts } from "~/features/privacy/rights-texts";
import * as rights from "~/routes/admin.rights._index";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { makeUser } from "~server/test/factories";

let app: ApiApp;
let admin: Record<string, string>;

beforeAll(async () => {
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild({ "admin/rights": rights }));
  admin = (await makeCast(app.services)).headers.admin;
});
afterAll(() => app.stop());

/** Where the links to older entries lead, by their words. */
async function older(path: string): Promise<Map<string, string>> {
  const text = await (await app.fetch(path, { headers: { ...admin, "accept-language": "en" } })).text();
  const links = text.matchAll(/<a [^>]*rel="next"[^>]*>([^<]*)<\/a>/g);
  return new Map(
    [...links].map(([link, words]) => [
      words as string,
      (/href="([^"]*)"/.exec(link)?.[1] ?? "").replaceAll("&amp;", "&"),
    ]),
  );
}

test("the link to older entries of one list leaves the other list where it is", async () => {
  const { db } = app.services;
  // Two pages and one more of each.
  for (let place = 0; place < 101; place++) {
    const at = new Date(Date.now() - place * 60_000);
    const consents = { create: { kind: "registration", version: "1", locale: "en", withdrawnAt: at } };
    const { id: userId } = await makeUser(db, { consents });
    const erasure = { cause: "admin", mode: "keep", state: "done", salt: "", actorKind: "SYSTEM" } as const;
    await db.erasure.create({ data: { ...erasure, userId, requestedAt: at } });
  }
  const [withdrawals, erasures] = [rightsTexts.en.withdrawn.older, rightsTexts.en.older];
  const first = await older("/admin/rights");
  const second = await older(first.get(withdrawals) ?? "");
  const both = new URL(second.get(erasures) ?? "", "http://localhost").searchParams;
  expect([...both.keys()].sort()).toEqual(["before", "withdrawn"]);
  // Both lists are on their second page.
  const third = await older(`/admin/rights?${both}`);
  const last = new URL(third.get(withdrawals) ?? "", "http://localhost").searchParams;
  expect(last.get("before")).toBe(both.get("before"));
  expect(last.get("withdrawn")).not.toBe(both.get("withdrawn"));
});
