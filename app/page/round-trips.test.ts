import { afterAll, beforeAll, expect, test } from "vitest";
import * as account from "~/routes/account";
import * as register from "~/routes/register";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { honeypotField, stampField } from "~server/registration/form-fields";
import { stampForm } from "~server/registration/form-guard";
import { listenToStatements, type Statements } from "~server/test/statements";

let app: ApiApp;
let statements: Statements;

beforeAll(async () => {
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild({ register, account }));
  statements = listenToStatements(app.services.pool);
});
afterAll(() => app.stop());

let made = 0;
const post = (headers: Record<string, string> = {}) =>
  app.fetch("/register", {
    method: "POST",
    headers,
    body: new URLSearchParams({
      [honeypotField]: "",
      [stampField]: stampForm(app.services.env.SESSION_SECRET),
      firstName: "Анна",
      email: `person-${++made}@example.com`,
      phone: "+79161234567",
      password: "correct horse battery",
      consent: "on",
    }),
  });

const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");

async function open(path: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await app.fetch(path, { headers });
  const page = await answer.text();
  expect(answer.status, page).toBe(200);
  return page;
}

/** Each process asks every five seconds whether sign-ups are unusual. */
const ofTheWatch = /"SignUps"|^select count/i;

/** The tables that the statements write to, or read first. */
async function tables(work: () => Promise<unknown>): Promise<(string | undefined)[]> {
  const sent = await statements.during(work);
  const own = sent.filter((statement) => !ofTheWatch.test(statement));
  return own.map((statement) => /(?:into|update|from)\s+(?:"public"\.)?"?(\w+)/i.exec(statement)?.[1]);
}

test("a registration is counted by minute and by day in one statement, and written by one", async () => {
  const sent = await tables(async () => expect((await post()).status).toBe(302));
  expect(sent).toEqual(["AttemptCount", "FormStamp"]);
});

test("the session that a browser brings along costs a registration one statement more", async () => {
  const cookie = cookiesOf(await post());
  const sent = await tables(async () => expect((await post({ cookie })).status).toBe(302));
  expect(sent).toEqual(["AttemptCount", "FormStamp", "Session"]);
});

test("the registration form costs a visitor no statement", async () => {
  expect(await tables(() => open("/register"))).toEqual([]);
});

test("a person's own page is two statements: whose session it is, and everything that is shown", async () => {
  const cookie = cookiesOf(await post());
  const sent = await tables(async () => expect(await open("/account", { cookie })).toContain("data-crm-state"));
  expect(sent).toHaveLength(2);
});
