import { createTRPCClient, httpLink } from "@trpc/client";
import createClient from "openapi-fetch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { makeUser } from "~server/test/factories";
import type { AppRouter } from "~server/trpc/router";

let app: ApiApp;
let cast: Awaited<ReturnType<typeof makeCast>>;

beforeAll(async () => {
  app = await startApiApp();
  cast = await makeCast(app.services);
});

afterAll(() => app.stop());

const get = async (path: string) => {
  const answer = await app.fetch(path, { headers: cast.headers.token });
  return { status: answer.status, body: await answer.json() };
};
const ids = (users: { id: number }[]) => users.map(({ id }) => id);

/** People with a company of their own, so that tests do not meet each other's. */
async function makePeople(company: string, count: number, overrides = {}): Promise<number[]> {
  const made = [];
  for (let n = 0; n < count; n++) {
    const createdAt = new Date(Date.UTC(2026, 0, 1 + n));
    made.push((await makeUser(app.services.db, { company, createdAt, source: company, ...overrides })).id);
  }
  return made;
}

test("a program walks through all pages and meets everybody once, whatever registers meanwhile", async () => {
  const made = await makePeople("walkers", 7);
  const seen: number[] = [];
  let address = "/api/users?source=walkers&limit=3&sort=oldest";
  for (
    let next: string | null = "";
    next !== null;
    address = `/api/users?source=walkers&limit=3&sort=oldest&cursor=${next}`
  ) {
    const { status, body } = await get(address);
    expect(status).toBe(200);
    expect(body.complete).toBe(true);
    expect(body.users.length).toBeLessThanOrEqual(3);
    seen.push(...ids(body.users));
    await makePeople("walkers", 1, { createdAt: new Date(Date.UTC(2025, 0, 1)) });
    next = body.next;
  }
  expect(seen).toEqual(made);
});

test("a listed person is what the endpoint of one person answers", async () => {
  const [id] = await makePeople("alike", 1, { email: "ivan@xn--e1afmkfd.xn--p1ai" });
  const { body } = await get("/api/users?source=alike");
  expect(body.users).toEqual([(await get(`/api/users/${id}`)).body]);
  expect(body.next).toBeNull();
});

test("conditions narrow the list, each of them and together", async () => {
  const [unpaid = 0] = await makePeople("narrowed", 1, { crmState: "FAILED" });
  const [paid = 0] = await makePeople("narrowed", 1, {
    isPaid: true,
    paidAt: new Date(),
    emailConfirmedAt: new Date(),
  });
  const [late = 0] = await makePeople("narrowed", 1, { createdAt: new Date("2026-03-05T12:00:00Z") });
  for (const [conditions, expected] of [
    ["", [late, paid, unpaid]],
    ["&paid=true", [paid]],
    ["&paid=false&sort=oldest", [unpaid, late]],
    ["&confirmed=true", [paid]],
    ["&crm=failed", [unpaid]],
    ["&from=2026-03-05&to=2026-03-05", [late]],
    ["&to=2026-03-04&paid=false", [unpaid]],
    ["&sort=paid&paid=true", [paid]],
  ] as const)
    expect(ids((await get(`/api/users?source=narrowed${conditions}`)).body.users).sort(), conditions).toEqual(
      [...expected].sort(),
    );
});

test("a search finds by part of a name, an e-mail and a phone in any spelling, and by number", async () => {
  const { id, email } = await makeUser(app.services.db, {
    firstName: "Клементина",
    lastName: "Зозуля",
    phone: "+79035550199",
  });
  for (const q of ["зозул", "клемент зозуля", email, "8 (903) 555-01-99", `#${id}`])
    expect(ids((await get(`/api/users/search?q=${encodeURIComponent(q)}`)).body.users), q).toEqual([id]);
  expect((await get("/api/users/search?q=nobody-is-called-so")).body).toEqual({
    users: [],
    next: null,
    complete: true,
  });
});

test("people are listed by their form, and found by the words of the option that they chose there", async () => {
  const { db, forms } = app.services;
  const options = [{ value: "v1", label: { en: "Vegetarian", ru: "Постное" } }, { value: "v2" }];
  const { id: formId } = await db.form.create({
    data: { slug: "2027", name: "", definition: { items: [{ question: { key: "meal", kind: "choice", options } }] } },
  });
  await forms.reload();
  const [first = 0] = await makePeople("formed", 1);
  const [other = 0] = await makePeople("formed", 1, { formId, answers: { meal: "v1" } });
  expect(ids((await get("/api/users?source=formed&form=2027")).body.users)).toEqual([other]);
  expect(ids((await get("/api/users?source=formed&form=(first)")).body.users)).toEqual([first]);
  for (const q of ["vegetarian", "постное"])
    expect(ids((await get(`/api/users/search?source=formed&q=${encodeURIComponent(q)}`)).body.users), q).toEqual([
      other,
    ]);
});

test("erased people are in no list", async () => {
  const [id = 0] = await makePeople("erased-ones", 1);
  await app.services.db.user.update({ where: { id }, data: { erasedAt: new Date() } });
  expect((await get("/api/users?source=erased-ones")).body.users).toEqual([]);
});

const refused: [query: string, path: string[]][] = [
  ["/api/users?paid=maybe", ["paid"]],
  ["/api/users?paid=", ["paid"]],
  ["/api/users?crm=held", ["crm"]],
  ["/api/users?source=", ["source"]],
  ["/api/users?form=1", ["form"]],
  ["/api/users?form=nowhere", ["form"]],
  ["/api/users?form=", ["form"]],
  ["/api/users?from=2026-02-30", ["from"]],
  ["/api/users?to=0001-01-01", ["to"]],
  ["/api/users?sort=paid&from=2026-01-01", ["sort"]],
  ["/api/users?sort=random", ["sort"]],
  ["/api/users?limit=0", ["limit"]],
  ["/api/users?limit=201", ["limit"]],
  ["/api/users?limit=1e2", ["limit"]],
  ["/api/users?cursor=one", ["cursor"]],
  ["/api/users?cursor=", ["cursor"]],
  ["/api/users?cursor=1-99999999999", ["cursor"]],
  ["/api/users?paid=true&paid=false", ["paid"]],
  ["/api/users?q=anna", []],
  ["/api/users?piad=true", []],
  ["/api/users/search", ["q"]],
  ["/api/users/search?q=", ["q"]],
  ["/api/users/search?q=%20", ["q"]],
  ["/api/users/search?q=%00", ["q"]],
  ["/api/users/search?q=%E2%80%8B", ["q"]],
  ["/api/users/search?q=%20%E2%80%8B%00%EF%BB%BF", ["q"]],
  ["/api/users?source=%E2%80%8B", ["source"]],
  ["/api/users/search?q=a+b+c+d+e+f+g+h+nobody", ["q"]],
  [`/api/users/search?q=${"a".repeat(101)}`, ["q"]],
];

for (const [query, path] of refused) {
  test(`${query.slice(0, 60)} is refused and says where, instead of finding the wrong people`, async () => {
    const { status, body } = await get(query);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: "INVALID", issues: [{ path }] });
  });
}

test("words too short for the index are found among the newest people, who are all there are", async () => {
  const { id } = await makeUser(app.services.db, { firstName: "Йй" });
  const { body } = await get("/api/users/search?q=%D0%B9%D0%B9");
  expect(ids(body.users)).toContain(id);
  expect(body.complete).toBe(true);
});

test("tRPC answers the same as REST", async () => {
  await makePeople("both-doors", 3);
  const client = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: "/api/trpc",
        headers: cast.headers.token,
        fetch: (url, init) => app.fetch(String(url), init as RequestInit),
      }),
    ],
  });
  const page = await client.listUsers.query({ source: "both-doors", limit: 2 });
  expect(page).toEqual((await get("/api/users?source=both-doors&limit=2")).body);
  const rest = await client.listUsers.query({ source: "both-doors", limit: 2, cursor: page.next ?? "" });
  expect(rest.users).toHaveLength(1);
  expect(await client.searchUsers.query({ q: "both-doors" })).toEqual(
    (await get("/api/users/search?q=both-doors")).body,
  );
});

test("a client that is generated from the OpenAPI document sends its conditions as they are read here", async () => {
  const [, paid] = [await makePeople("generated", 1), await makePeople("generated", 2, { isPaid: true })];
  const client = createClient<
    Record<string, { get: { responses: { 200: { content: { "application/json": unknown } } } } }>
  >({
    baseUrl: `http://${app.address}`,
    headers: cast.headers.token,
  });
  const { data } = await client.GET("/api/users", {
    params: { query: { source: "generated", paid: true, limit: 1, sort: "oldest" } } as object,
  });
  expect(data).toMatchObject({ users: [{ id: paid[0], isPaid: true }], next: expect.any(String) });
});
