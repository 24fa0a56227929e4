import { afterAll, beforeAll, expect, test } from "vitest";
import * as portal from "~/routes/admin.portal";
import * as review from "~/routes/admin.review";
import * as erased from "~/routes/admin.rights.$id";
import * as rights from "~/routes/admin.users_.$id.rights";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { makeUser } from "~server/test/factories";
import { askIdentity } from "~server/test/identity";

let app: ApiApp;
let admin: Record<string, string>;

beforeAll(async () => {
  const pages = {
    "admin/portal": portal,
    "admin/users/:id/rights": rights,
    "admin/rights/:id": erased,
    "admin/review": review,
  };
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild(pages));
  admin = (await makeCast(app.services)).headers.admin;
});
afterAll(() => app.stop());

const person = { firstName: "Anna", lastName: "Ivanova" };

/** What a page shows at first, and what its questions hold once they are opened, without a script. */
async function read(path: string, language: string) {
  const page = await app.fetch(path, { headers: { ...admin, "accept-language": language } });
  const text = await page.text();
  expect(page.status, text).toBe(200);
  const body = text.slice(text.indexOf("<main"), text.indexOf("</main>"));
  const questions = [...body.matchAll(/<details.*?<\/details>/gs)].map(([question]) => question).join("");
  return { atOnce: body.replaceAll(/<details.*?<\/details>/gs, ""), questions };
}

test.each([
  ["en", "Erase person ID, Anna Ivanova", "Withdraw for person ID, Anna Ivanova"],
  ["ru", "Удалить: №\u00a0ID, Anna Ivanova", "Отозвать: №\u00a0ID, Anna Ivanova"],
])(
  "erasing a person and withdrawing their consent ask first, and name the person (%s)",
  async (language, ...labels) => {
    const { id } = await makeUser(app.services.db, person);
    const { atOnce, questions } = await read(`/admin/users/${id}/rights`, language);
    expect(atOnce).not.toMatch(/value="(erase|withdraw)"/);
    for (const intent of ["erase", "withdraw"]) expect(questions).toContain(`value="${intent}"`);
    for (const label of labels) expect(questions).toContain(label.replace("ID", String(id)));
  },
);

test.each([
  ["en", "all 2 are erased."],
  ["ru", "все: 2."],
])("discarding held registrations asks first, and says how many are shown (%s)", async (language, words) => {
  const { db } = app.services;
  await db.user.deleteMany({ where: { crmState: "HELD" } });
  for (const _ of [1, 2]) await makeUser(db, { ...person, crmState: "HELD", holds: ["review"] });
  const { atOnce, questions } = await read("/admin/review", language);
  expect(atOnce).toContain('value="release"');
  expect(atOnce).not.toContain('value="discard"');
  expect(questions).toContain('value="discard"');
  expect(questions).toContain(words);
});

test("deleting an erased person's records on the portal asks first, and names the person", async () => {
  const { db } = app.services;
  const { id: userId } = await makeUser(db, { ...person, erasedAt: new Date() });
  const erasure = {
    userId,
    actorKind: "SYSTEM",
    cause: "admin",
    mode: "anonymise",
    state: "pending",
    salt: "",
    error: "ACCESS_DENIED",
    attempts: 1,
  };
  await db.erasure.create({ data: erasure as never });
  const { atOnce, questions } = await read(`/admin/rights/${userId}`, "en");
  expect(atOnce).toContain('value="again"');
  expect(atOnce).not.toContain('value="delete"');
  expect(questions).toContain(`Delete the records of person ${userId}`);
});

test.each([
  ["portal", "other", "renamed"],
  ["database", "copy", "restored"],
] as const)("what leaves all records of a %s behind asks first", async (kind, final, usual) => {
  await askIdentity(app.services.db, kind);
  const { atOnce, questions } = await read("/admin/portal", "en");
  expect(atOnce).toContain(`value="${usual}"`);
  expect(atOnce).not.toContain(`value="${final}"`);
  expect(questions).toContain(`value="${final}"`);
  expect(questions).toContain("This cannot be undone.");
});
