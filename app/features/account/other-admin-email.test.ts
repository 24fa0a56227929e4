import { afterAll, beforeAll, expect, test } from "vitest";
import * as rights from "~/routes/admin.users_.$id.rights";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { makeAdmin, makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";

let app: ApiApp;
beforeAll(async () => {
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild({ "admin/users/:id/rights": rights }));
});
afterAll(() => app.stop());

test("the page of another administrator's rights says why their e-mail cannot be changed, where others have a form", async () => {
  const { services } = app;
  const [admin, other, person] = [
    await makeAdmin(services.db),
    await makeAdmin(services.db),
    await makeUser(services.db),
  ];
  const cookie = await sessionCookieOf(services, admin.id);
  const page = async (id: number) => {
    const answer = await app.fetch(`/admin/users/${id}/rights`, { headers: { cookie, "accept-language": "en" } });
    expect(answer.status).toBe(200);
    return answer.text();
  };
  const [form, sentence] = ['value="email"', "Only this administrator can change the address"];
  for (const id of [admin.id, person.id]) {
    expect(await page(id)).toContain(form);
    expect(await page(id)).not.toContain(sentence);
  }
  expect(await page(other.id)).not.toContain(form);
  expect(await page(other.id)).toContain(sentence);
});
