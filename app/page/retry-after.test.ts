import { type ActionFunctionArgs, data } from "@remix-run/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";
import { passwordAgainField } from "./interruption";
import { requirePasswordAgain } from "./password-again.server";
import { readForm } from "./public-form.server";
import { requirePageUser } from "./session.server";

let app: ApiApp;

/** A page with a form that asks for the password again. */
const farReaching = {
  async action(args: ActionFunctionArgs) {
    await requirePasswordAgain(args, await requirePageUser(args), await readForm(args.request));
    return null;
  },
  default: () => null,
};

const refusing = {
  loader: () => {
    throw data(null, {
      status: 429,
      headers: [
        ["Set-Cookie", "seen=1"],
        ["Retry-After", "7"],
        ["Content-Type", "application/json"],
        ["Content-Length", "4"],
      ],
    });
  },
  default: () => null,
};

beforeAll(async () => {
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild({ "far-reaching": farReaching, refusing }));
});
afterAll(() => app.stop());

test("who has given too many wrong passwords is told when to try again", async () => {
  const { db } = app.services;
  const { id } = await makeUser(db);
  const cookie = await sessionCookieOf(app.services, id);
  await db.session.updateMany({ where: { userId: id }, data: { confirmedAt: new Date(0) } });
  const guess = () =>
    app.fetch("/far-reaching", {
      method: "POST",
      headers: { cookie },
      body: new URLSearchParams({ [passwordAgainField]: "not the password" }),
    });
  let answer = await guess();
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([403, null]);
  for (let more = 0; more < 20 && answer.status === 403; more++) answer = await guess();
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("an error page has of the headers of what was thrown the cookies and how long to wait", async () => {
  const { status, headers } = await app.fetch("/refusing");
  expect([status, headers.get("retry-after"), headers.get("content-type"), headers.get("content-length")]).toEqual([
    429,
    "7",
    "text/html; charset=utf-8",
    null,
  ]);
  expect(headers.getSetCookie().filter((cookie) => cookie.startsWith("seen="))).toEqual(["seen=1"]);
  expect(headers.get("cache-control")).toBe("no-store");
});
