import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiApp, makeCast, startApiApp, streamed } from "~/test/api-app";

/** Bodies as programs of all kinds send them. */

let app: ApiApp;
let cast: Awaited<ReturnType<typeof makeCast>>;

beforeAll(async () => {
  app = await startApiApp();
  cast = await makeCast(app.services);
});

afterAll(() => app.stop());

const updatePayment = "/api/users/update-payment";

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await app.fetch(path, {
    method: "POST",
    headers: { ...cast.headers.token, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

for (const type of [
  "application/json",
  "Application/JSON; Charset=UTF-8",
  "application/json;charset=utf8",
  'application/json; charset="utf-8"',
  "application/json; odata=verbose",
  "application/json; odata.metadata=minimal; charset=utf-8",
  "application/json ; charset = utf-8",
  "application/json;",
]) {
  test(`a body of type ${type} is taken`, async () => {
    const answer = await post(updatePayment, { userId: cast.selfId, isPaid: true }, { "content-type": type });
    expect(answer.status).toBe(200);
  });
}

for (const type of [
  "application/json; charset=windows-1251",
  "text/plain",
  "application/x-www-form-urlencoded",
  "application/json; charset=utf-16",
  "application/jsonx",
]) {
  test(`a body of type ${type} gets 415`, async () => {
    const answer = await post(updatePayment, '{"userId":7,"isPaid":true}', { "content-type": type });
    expect(answer).toMatchObject({ status: 415, body: { error: { code: "UNSUPPORTED_MEDIA_TYPE" } } });
  });
}

test("a body that is named as not compressed is taken, however the word is spelt", async () => {
  for (const path of [updatePayment, "/api/trpc/updatePayment"])
    for (const word of ["identity", " Identity"])
      expect((await post(path, "{}", { "content-encoding": word })).status).toBe(400);
});

test("a compressed body gets 415", async () => {
  for (const path of [updatePayment, "/api/trpc/updatePayment"])
    expect((await post(path, "{}", { "content-encoding": "gzip" })).status).toBe(415);
});

for (const type of [
  "application/json; charset=windows-1251",
  "multipart/form-data; boundary=x",
  "application/octet-stream",
  "text/plain",
])
  test(`over tRPC, too, a body of type ${type} gets 415`, async () => {
    const answer = await post("/api/trpc/updatePayment", '{"userId":7,"isPaid":true}', { "content-type": type });
    expect(answer).toMatchObject({
      status: 415,
      body: { error: { message: "UNSUPPORTED_MEDIA_TYPE", data: { httpStatus: 415 } } },
    });
  });

test("over tRPC, too, the charset may be spelt in other ways", async () => {
  const type = { "content-type": "application/json; charset=utf8; odata=verbose" };
  const answer = await post("/api/trpc/updatePayment", { userId: cast.selfId, isPaid: true }, type);
  expect(answer.status).toBe(200);
});

/** As .NET, Java and Go send it: in pieces, without a length. */
async function stream(body: string) {
  const headers = { ...cast.headers.token, "content-type": "application/json" };
  const init = { method: "POST", headers, body: streamed(body), duplex: "half" } as RequestInit;
  const answer = await app.fetch(updatePayment, init);
  return { status: answer.status, body: await answer.json() };
}

test("a body need not say its length in advance", async () => {
  const spaces = " ".repeat(60_000);
  const answer = await stream(`{"userId":${cast.selfId},${spaces}"isPaid":true}`);
  expect(answer).toMatchObject({ status: 200, body: { id: cast.selfId, isPaid: true } });
});

test("a body that says no length is counted, and too large is too large, however well it begins", async () => {
  const before = app.lines.length;
  await post(updatePayment, { userId: cast.selfId, isPaid: false });
  for (const padding of [64 * 1024, 1_000_000]) {
    const answer = await stream(`{"userId":${cast.selfId},"isPaid":true}${" ".repeat(padding)}`);
    expect(answer).toMatchObject({
      status: 413,
      body: { error: { code: "TOO_LARGE", issues: [{ params: { maximum: 65_536 } }] } },
    });
  }
  expect(await app.services.db.user.findUnique({ where: { id: cast.selfId } })).toMatchObject({ isPaid: false });
  expect(app.lines.slice(before).filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
});

test("a body of 64 kB and more gets 413", async () => {
  const answer = await post(updatePayment, " ".repeat(64 * 1024 + 1));
  expect(answer).toMatchObject({ status: 413, body: { error: { code: "TOO_LARGE" } } });
});
