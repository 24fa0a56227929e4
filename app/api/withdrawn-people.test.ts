import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminUsersTexts } from "~/features/users/list-texts";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { giveConsent, withdrawConsent } from "~server/privacy/consents";
import { makeUser } from "~server/test/factories";
import { exportUsers } from "~server/users/export";
import { everybody } from "~server/users/filter";

let app: ApiApp;
let cast: Awaited<ReturnType<typeof makeCast>>;
let id: number;

beforeAll(async () => {
  app = await startApiApp();
  cast = await makeCast(app.services);
  const person = { firstName: "Евпраксия", company: "Leaving", source: "leaving", answers: { why: "Евпраксия" } };
  ({ id } = await makeUser(app.services.db, person));
  await withdrawConsent(app.services, { actor: cast.admin, userId: id });
});
afterAll(() => app.stop());

async function call(path: string, body?: object, headers: Record<string, string> = cast.headers.token) {
  const answer = await app.fetch(path, {
    headers: { ...headers, "content-type": "application/json" },
    ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: await answer.json() };
}
const lists = ["/api/users?source=leaving", "/api/users/search?q=leaving", "/api/users/search?q=%23ID"];
const found = async (path: string, headers?: Record<string, string>) =>
  (await call(path.replace("ID", String(id)), undefined, headers)).body.users.map((user: { id: number }) => user.id);

test("a token is told a person who has withdrawn the consent by the id alone, without details, and an administrator all", async () => {
  const told = await call(`/api/users/${id}`);
  expect(told).toMatchObject({
    status: 200,
    body: { id, isPaid: false, crmState: "pending", createdAt: expect.any(String) },
  });
  expect(told.body).toMatchObject({
    firstName: "",
    lastName: null,
    email: "",
    phone: "",
    utm: { first: {}, last: {} },
  });
  expect(JSON.stringify(told)).not.toMatch(/Евпраксия|Leaving|leaving|example\.com|\+7/);
  expect((await call("/api/users/999999999")).status).toBe(404);
  expect((await call(`/api/users/${id}`, undefined, cast.headers.admin)).body).toMatchObject({ company: "Leaving" });
  for (const path of lists) {
    expect(await found(path), path).toEqual([]);
    expect(await found(path, cast.headers.admin), path).toEqual([id]);
  }
});

test("a payment of theirs is set and undone by a token all the same, whose answers hold no details", async () => {
  const set = await call("/api/users/update-payment", { userId: id, isPaid: true });
  expect(set).toMatchObject({
    status: 200,
    body: { id, isPaid: true, firstName: "", email: "", phone: "", answers: {} },
  });
  const { id: changeId } = await app.services.db.paymentChange.findFirstOrThrow({ where: { userId: id } });
  const undone = await call("/api/trpc/payments.undo", { changeId });
  expect(undone).toMatchObject({ status: 200, body: { result: { data: { id, isPaid: false } } } });
  expect(JSON.stringify([set, undone])).not.toMatch(/Евпраксия|Leaving|leaving|example\.com|\+7/);
  const byAdmin = { ...cast.headers.admin, origin: "https://site.example" };
  const told = await call("/api/users/update-payment", { userId: id, isPaid: true }, byAdmin);
  expect(told.body).toMatchObject({ isPaid: true, company: "Leaving" });
});

test("an exported list says since when the consent is withdrawn, and the person is there again once it is given", async () => {
  const { sheet } = adminUsersTexts.en;
  const exported = async () => {
    let text = "";
    const request = { actor: cast.admin, filter: { ...everybody, q: "leaving" }, style: sheet };
    for await (const piece of exportUsers(app.services, request)) text += piece;
    return parse(text, { columns: true, bom: true, delimiter: sheet.delimiter });
  };
  const column = `${sheet.columns.withdrawnAt} (UTC)`;
  const { withdrawnAt } = await app.services.db.consent.findFirstOrThrow({ where: { userId: id } });
  const day = withdrawnAt?.toISOString().slice(0, 19).replace("T", " ");
  expect(await exported()).toMatchObject([{ [column]: day }]);
  await giveConsent(app.services, { actor: cast.admin, userId: id, locale: "ru" });
  expect(await exported()).toMatchObject([{ [column]: "" }]);
  expect((await call(`/api/users/${id}`)).body).toMatchObject({ company: "Leaving" });
  for (const path of lists) expect(await found(path), path).toEqual([id]);
});
