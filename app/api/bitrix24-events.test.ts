import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { makeUser } from "~server/test/factories";

const token = "a-token-of-the-portal";
const path = "/api/bitrix24/events";

let app: ApiApp;
beforeAll(async () => {
  app = await startApiApp({ BITRIX24_EVENT_TOKEN: token });
});
afterAll(() => app.stop());

const formType = { "content-type": "application/x-www-form-urlencoded" };

const event = (id: number, given = token) =>
  new URLSearchParams({ event: "ONCRMDEALUPDATE", "data[FIELDS][ID]": String(id), "auth[application_token]": given });

async function post(body: string | URLSearchParams, headers: Record<string, string> = {}) {
  const answer = await app.fetch(path, { method: "POST", body, headers });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

const jobs = async () =>
  (await app.services.pool.query(`select 1 from pgboss.job where name = 'crm-payment'`)).rowCount ?? 0;

test("an event of the portal is taken at once, before anything is compared", async () => {
  await makeUser(app.services.db, { crmState: "SYNCED", bitrix24DealId: 7 });
  const before = await jobs();
  const { status, headers, body } = await post(event(7));
  expect({ status, body }).toEqual({ status: 200, body: {} });
  expect(headers.get("cache-control")).toBe("no-store");
  expect(await jobs()).toBe(before + 1);
});

test("without the token it is 403, and neither the answer nor the log shows what was sent", async () => {
  const before = await jobs();
  const { status, body } = await post(event(7, "guessed-token"));
  expect(status).toBe(403);
  expect(body).toMatchObject({ error: { code: "FORBIDDEN" } });
  expect(JSON.stringify(body) + app.lines.join("")).not.toContain("guessed-token");
  expect(await jobs()).toBe(before);
});

test("what is no event is 400", async () => {
  expect((await post(`event=ONCRMDEALUPDATE&auth[application_token]=${token}`, formType)).status).toBe(400);
});

const others = [
  "event=ONTASKADD&data[FIELDS_BEFORE]=undefined&data[FIELDS_AFTER][ID]=7",
  "event=ONCRMLEADADD&data[FIELDS][ID]=7",
  "event=ONUSERADD&data[ID]=7&data[EMAIL]=anna%40example.com",
  "event=ONAPPINSTALL",
];

for (const body of others)
  test(`an event that concerns no person is taken and passed over: ${body.split("&")[0]}`, async () => {
    const before = await jobs();
    expect((await post(`${body}&auth[application_token]=${token}`, formType)).status).toBe(200);
    expect((await post(`${body}&auth[application_token]=guessed-token`, formType)).status).toBe(403);
    expect(await jobs()).toBe(before);
  });

test("only a posted form is read", async () => {
  const read = await app.fetch(path);
  expect([read.status, read.headers.get("allow")]).toEqual([405, "POST"]);
  expect(
    (await post(JSON.stringify({ event: "ONCRMDEALUPDATE" }), { "content-type": "application/json" })).status,
  ).toBe(415);
  expect((await post("event=ONCRMDEALUPDATE", { "content-type": "text/plain" })).status).toBe(415);
});

test("a body larger than any event is refused before it is read", async () => {
  const before = await jobs();
  expect((await post(`${event(7)}&comment=${"x".repeat(70_000)}`, formType)).status).toBe(413);
  expect(await jobs()).toBe(before);
});

test("a visitor's browser cannot be made to send one", async () => {
  const answer = await app.fetch(path, { method: "POST", body: event(7), headers: { origin: "https://evil.example" } });
  expect(answer.status).toBe(403);
});
