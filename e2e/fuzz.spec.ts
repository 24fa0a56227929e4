import { readFileSync } from "node:fs";
import fc from "fast-check";
import { systemActor } from "../server/audit/actor";
import { createApiToken } from "../server/auth/api-tokens";
import { newSessionCookie } from "../server/auth/session-cookie";
import { resumeQueue } from "../server/queue/pause";
import { stampForm } from "../server/registration/form-guard";
import { propertySeed } from "../server/test/property";
import { expect, test } from "./fixtures";
import { requests, send, unstorable } from "./fuzz";
import { register, signIn } from "./people";
import { administrator, startStack } from "./stack";

/**
 * In `npm test` always the same requests, one after the other, so that a red run means a change that made it red.
 * `npm run fuzz` sends ten times as many, others each time, and several at once. FUZZ_SEED repeats a run.
 */
const { FUZZ_REQUESTS, FUZZ_SEED, FUZZ_AT_ONCE } = process.env;
const count = Number(FUZZ_REQUESTS || 1_000);
const seed = Number(FUZZ_SEED || propertySeed);
const atOnce = Number(FUZZ_AT_ONCE || 1);
/** A person whom guests and strangers must not read of. */
const secretName = "Незнакомцева-Секретная";

test.use({ expectedProblems: [/./] });

test(`whatever is sent to whichever address, nothing fails, leaks or stays half done`, {
  tag: ["@stack", "@desktop"],
}, async ({ browser }) => {
  console.log(`fuzz: ${count} requests, FUZZ_SEED=${seed}`);
  // Of its own: what an administrator may do is done to it.
  const stack = await startStack("fuzz");
  const { db } = stack;
  const readLog = () => readFileSync(stack.log, "utf8");
  // While it starts, a busy machine may keep the database waiting, which no request has caused.
  const atStart = readLog().split("\n").length - 1;
  try {
    const context = await browser.newContext({ baseURL: stack.baseURL, locale: "en-US" });
    const page = await context.newPage();
    const cookies = async () => (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    const person = await register(page);
    const user = await db.user.findUniqueOrThrow({ where: { email: person.email } });
    await db.user.create({
      data: { email: "secret@secret.example", firstName: "Тайна", lastName: secretName, phone: "+79990001122" },
    });
    const asUser = await cookies();
    await context.clearCookies();
    await page.goto("/login");
    await signIn(page, administrator);
    await expect(page).toHaveURL("/account");
    const asAdmin = await cookies();
    await context.close();
    const admin = await db.user.findFirstOrThrow({ where: { role: "ADMIN" } });
    const { token } = await createApiToken(stack, {
      actor: { kind: "USER", id: admin.id, role: "ADMIN" },
      name: "Fuzz",
    });
    const secrets = [stack.sessionSecret];
    const site = { APP_URL: stack.baseURL, SESSION_SECRET: secrets };
    const leaver = await db.user.create({
      data: { email: "leaver@fuzz.example", firstName: "Уходящий", phone: "+79990001123" },
    });
    const asLeaver = async () => {
      const { sessionId, setCookie } = newSessionCookie(site);
      const expiresAt = new Date(Date.now() + 3_600_000);
      await db.session.create({ data: { id: sessionId, userId: leaver.id, expiresAt } });
      return setCookie.split(";")[0] ?? "";
    };
    const senders = { guest: "", user: asUser, admin: asAdmin, token };

    const place = { origin: stack.baseURL, userId: user.id };
    const todo = [...fc.sample(requests(place), { numRuns: count, seed }), ...unstorable(place)];
    const failed: string[] = [];
    const leaks: string[] = [];
    const work = async () => {
      for (let request = todo.pop(); request; request = todo.pop()) {
        const secret = request.sender === "leaver" ? await asLeaver() : senders[request.sender];
        const { status, text } = await send(stack.baseURL, request, { secret, stamp: stampForm(secrets) });
        const told = `${request.sender} ${request.method} ${request.path.slice(0, 200)} → ${status}`;
        if (status >= 500 || status < 100) failed.push(told);
        const mayRead = request.sender === "admin" || request.sender === "token";
        if (!mayRead && (text.includes(secretName) || text.includes("secret@secret.example"))) leaks.push(told);
        if (/\n\s+at .*\.(js|ts):\d+|argon2id|postgres(ql)?:\/\/|PrismaClient/.test(text))
          leaks.push(`inside: ${told}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));

    expect(failed, "requests that failed").toEqual([]);
    expect(leaks, "answers that told too much").toEqual([]);
    const log = readLog();
    const errors = log
      .split("\n")
      .slice(atStart)
      .filter((line) => /"level":(50|60)/.test(line));
    expect(errors, "error lines that requests caused").toEqual([]);
    for (const secret of [secretName, "secret@secret.example", person.email, token, administrator.password])
      expect(log.includes(secret), `the log holds ${secret.slice(0, 6)}…`).toBe(false);

    // A registration is whole: row, attribution, consent; and so is a payment: state and history.
    expect(await db.user.count({ where: { email: { endsWith: "@fuzz.example" } } }), "people").toBeGreaterThan(5);
    const half = await db.user.findMany({
      where: {
        id: { gt: user.id },
        passwordHash: { not: null },
        erasedAt: null,
        OR: [{ attribution: null }, { consents: { none: {} } }],
      },
      select: { id: true },
    });
    expect(half, "registrations that are half there").toEqual([]);
    const people = await db.user.findMany({
      select: { id: true, isPaid: true, paymentChanges: { orderBy: { id: "desc" }, take: 1 } },
    });
    const contradicted = people.filter((one) => one.isPaid !== (one.paymentChanges[0]?.isPaid ?? false));
    expect(contradicted, "payments that their history contradicts").toEqual([]);
    // Whom an administrator's requests do not hold back arrives on the portal, once; a queue they paused goes on.
    await resumeQueue(stack, { actor: systemActor });
    const arriving = { email: { endsWith: "@fuzz.example" }, passwordHash: { not: null }, holds: { isEmpty: true } };
    await expect
      .poll(() => db.user.count({ where: { ...arriving, crmState: "PENDING" } }), { timeout: 10 * 60_000 })
      .toBe(0);
    const arrived = await db.user.findMany({ where: { ...arriving, crmState: "SYNCED" }, select: { id: true } });
    expect(arrived.length, "people on the portal").toBeGreaterThan(5);
    const dealsOf = (id: number) =>
      [...stack.portal.deals.values()].filter(({ originId }) => originId === `user-${id}`);
    expect(
      arrived.filter(({ id }) => dealsOf(id).length !== 1),
      "people who have not one deal",
    ).toEqual([]);
    expect(await db.user.count({ where: { role: "ADMIN" } }), "administrators").toBe(1);
  } finally {
    await stack.stop();
  }
});
