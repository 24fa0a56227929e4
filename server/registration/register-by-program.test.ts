import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { verifyPassword } from "../auth/password";
import { parseEnv } from "../platform/env";
import { erasePerson } from "../privacy/erase";
import { type CrmHarness, createCrmHarness, findFaults } from "../test/crm";
import { makeAdmin } from "../test/factories";
import { Maintenance } from "../worker/maintenance";
import { type ProgramRegistration, registerByProgram } from "./register-by-program";

let crm: CrmHarness;
let admin: Actor;

beforeAll(async () => {
  crm = await createCrmHarness();
  admin = await makeAdmin(crm.services.db);
  await crm.services.db.user.update({ where: { id: admin.id ?? 0 }, data: { crmState: "SYNCED" } });
});
afterAll(() => crm.close());

const person = (email: string, more: Partial<ProgramRegistration> = {}): ProgramRegistration => ({
  firstName: "Анна",
  email,
  phone: "8 (916) 123-45-67",
  consent: true,
  ...more,
});
const register = (key: string | null, input: ProgramRegistration, actor = admin, services = crm.services) =>
  registerByProgram(services, { actor, key, input });
const code = (call: Promise<unknown>) =>
  call.then(
    () => "OK",
    (error: { code?: string }) => error.code,
  );
const newKey = () => crypto.randomUUID();
const people = (email: string) => crm.services.db.user.findMany({ where: { email } });

test("a program that sends again what it got no answer to makes one person and one deal", async () => {
  const key = newKey();
  const first = await register(key, person("again@example.com"));
  const worker = crm.newWorker();
  worker.start();
  await expect.poll(async () => (await people("again@example.com"))[0]?.crmState).toBe("SYNCED");
  expect(await register(key, person("again@example.com"))).toEqual(first);
  await worker.stop();

  const deals = [...crm.portal.deals.values()].filter(({ originId }) => originId === `user-${first.userId}`);
  expect(deals).toHaveLength(1);
  expect((await findFaults(crm)).filter((fault) => fault.includes(`user-${first.userId} `))).toEqual([]);
});

test("requests with one key at the same moment register one person, and all get the same answer", async () => {
  const key = newKey();
  const answers = await Promise.all(Array.from({ length: 12 }, () => register(key, person("crowd@example.com"))));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await people("crowd@example.com")).toHaveLength(1);
  const { userId } = answers[0] ?? { userId: 0 };
  expect(await crm.services.db.auditEntry.count({ where: { action: "registration.create", targetId: userId } })).toBe(
    1,
  );
});

test("what is sent is cleaned and kept as the form does it", async () => {
  const { userId } = await register(
    newKey(),
    person(" Clean@Example.COM ", {
      firstName: "  Анна \u200b ",
      lastName: "",
      company: null,
      password: "correct horse battery",
      locale: "en",
      utm: { last: { utm_source: " vk ", utm_campaign: "spring", gclid: "abc", evil: "x", landing: "/offer" } },
    }),
  );
  const user = await crm.services.db.user.findUniqueOrThrow({
    where: { id: userId },
    include: { attribution: true, consents: true },
  });
  expect(user).toMatchObject({
    email: "clean@example.com",
    firstName: "Анна",
    lastName: null,
    company: null,
    phone: "+79161234567",
    locale: "en",
    source: "vk",
    campaign: "spring",
    crmState: "PENDING",
    consents: [{ kind: "registration", locale: "en" }],
  });
  const touch = { utm_source: "vk", utm_campaign: "spring", gclid: "abc", landing: "/offer" };
  expect(user.attribution).toMatchObject({ first: touch, last: touch });
  expect(await verifyPassword(user.passwordHash, "correct horse battery")).toBe(true);
});

test("every field that is wrong is named with the form's code, and the key stays free for the right ones", async () => {
  const key = newKey();
  const wrong = person("not an address", { firstName: "visit example.com", phone: "12", password: "short" });
  await expect(register(key, wrong)).rejects.toMatchObject({
    code: "INVALID",
    details: {
      issues: [
        { path: ["firstName"], code: "no_links" },
        { path: ["email"], code: "email" },
        { path: ["phone"], code: "phone" },
        { path: ["password"], code: "password_short" },
      ],
    },
  });
  expect(await code(register(key, person("right@example.com")))).toBe("OK");
});

test("the same key with another body is refused, whichever part differs, and changes nothing", async () => {
  const key = newKey();
  const input = person("kept@example.com", { password: "correct horse battery", utm: { last: { utm_source: "vk" } } });
  const first = await register(key, input);
  for (const other of [
    { email: "other@example.com" },
    { firstName: "Ольга" },
    { lastName: "Петрова" },
    { password: "another horse battery" },
    { utm: { last: { utm_source: "yandex" } } },
    { locale: "en" as const },
  ])
    expect(await code(register(key, { ...input, ...other })), JSON.stringify(other)).toBe("KEY_REUSED");
  expect(await people("other@example.com")).toEqual([]);
  const reordered = Object.fromEntries(Object.entries(input).reverse()) as unknown as ProgramRegistration;
  expect(await register(`"${key}"`, reordered)).toEqual(first);
});

test("an address that is registered is told, with a key or with many", async () => {
  await register(newKey(), person("taken@example.com"));
  expect(await code(register(newKey(), person("taken@example.com")))).toBe("EMAIL_TAKEN");
  const codes = await Promise.all(
    Array.from({ length: 6 }, () => code(register(newKey(), person("race@example.com")))),
  );
  expect(codes.sort()).toEqual([...Array(5).fill("EMAIL_TAKEN"), "OK"]);
});

test.each([null, "", "  ", "two words", "ключ", '"open', "a".repeat(256), "tab\tkey"])(
  "the key %j is refused before anything is registered",
  async (key) => {
    await expect(register(key, person("keyless@example.com"))).rejects.toMatchObject({
      code: "INVALID",
      details: { issues: [{ path: ["Idempotency-Key"] }] },
    });
    expect(await people("keyless@example.com")).toEqual([]);
  },
);

test("the same key of two programs is two keys", async () => {
  const key = newKey();
  const token = (id: number): Actor => ({
    kind: "TOKEN",
    id,
    userId: admin.id ?? 0,
    role: "ADMIN",
    scopes: ["register"],
  });
  const [one, two] = [
    await register(key, person("one@example.com"), token(1)),
    await register(key, person("two@example.com"), token(2)),
  ];
  expect(one.userId).not.toBe(two.userId);
  expect(await register(key, person("one@example.com"), token(1))).toEqual(one);
});

test("a new session secret does not forget the keys", async () => {
  const key = newKey();
  const withSecrets = (SESSION_SECRET: string) => ({ ...crm.services, env: parseEnv({ SESSION_SECRET }) });
  const [old, present] = ["a".repeat(40), "b".repeat(40)];
  const first = await register(key, person("rotated@example.com"), admin, withSecrets(old));
  expect(await register(key, person("rotated@example.com"), admin, withSecrets(`${present},${old}`))).toEqual(first);
});

test("requests with one key at the same moment register one person, also while processes have the secrets in another order", async () => {
  const key = newKey();
  const [old, present] = ["a".repeat(40), "b".repeat(40)];
  const ofRound = (SESSION_SECRET: string) => ({ ...crm.services, env: parseEnv({ SESSION_SECRET }) });
  const processes = [ofRound(`${old},${present}`), ofRound(`${present},${old}`)];
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) => register(key, person("rounds@example.com"), admin, processes[n % 2])),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
});

test("an erased person does not come back by the same request, and nothing is kept of what was sent", async () => {
  const key = newKey();
  const { userId } = await register(key, person("gone@example.com"));
  await erasePerson(crm.services, { actor: admin, userId, cause: "admin" });
  expect(await code(register(key, person("gone@example.com")))).toBe("CONFLICT");
  expect(await people("gone@example.com")).toEqual([]);
  const [row] = await crm.services.db.registrationKey.findMany({ where: { userId } });
  expect(row?.bodyHash).toBeNull();
});

test("keys are forgotten after thirty days, and not before", async () => {
  const ages = [29, 31];
  const ids = [];
  for (const days of ages) {
    const { userId } = await register(newKey(), person(`aged-${days}@example.com`));
    const at = new Date(Date.now() - days * 24 * 60 * 60 * 1_000);
    await crm.services.db.registrationKey.updateMany({ where: { userId }, data: { at } });
    ids.push(userId);
  }
  await new Maintenance(crm.services).runDue();
  const kept = await crm.services.db.registrationKey.findMany({ where: { userId: { in: ids } } });
  expect(kept.map(({ userId }) => userId)).toEqual([ids[0]]);
});

test("while new registrations are held for review, those of programs are held too", async () => {
  await crm.services.db.signUps.updateMany({ where: { id: 1 }, data: { heldSince: new Date() } });
  const { userId } = await register(newKey(), person("held@example.com"));
  await crm.services.db.signUps.updateMany({ where: { id: 1 }, data: { heldSince: null } });
  expect(await crm.services.db.user.findUniqueOrThrow({ where: { id: userId } })).toMatchObject({
    crmState: "HELD",
    holds: ["review"],
  });
});

const question = (key: string, kind: string, more: object = {}) => ({ key, kind, ...more });

test("a program's answers are checked by the form it names and stored with the person", async () => {
  const { db, forms } = crm.services;
  const definition = {
    items: [
      { field: "lastName", required: true },
      { question: question("p_size", "choice", { options: [{ value: "m" }], required: true }) },
      { question: question("p_days", "choices", { options: [{ value: "mon" }, { value: "tue" }] }) },
      { question: question("p_count", "number") },
      { question: question("p_day", "date") },
      { question: question("p_vegan", "yesno") },
      { question: question("p_note", "long", { required: true }) },
      { question: question("p_ad", "hidden") },
    ],
    removed: [question("p_old", "text")],
  };
  const spring = await db.form.create({ data: { slug: "p-spring", name: "Spring", definition } });
  const closed = { slug: "p-closed", name: "", closedAt: new Date() };
  await db.form.create({ data: closed });
  await forms.reload();
  const given = { p_size: "m", p_days: ["tue"], p_count: 12.5, p_day: "2027-01-31", p_vegan: false, p_old: "x" };

  const { userId } = await register(newKey(), person("answers@example.com", { form: "p-spring", answers: given }));
  expect(await db.user.findUnique({ where: { id: userId } })).toMatchObject({
    formId: spring.id,
    answers: { ...given, p_count: "12.5", p_vegan: "no" },
  });

  const issuesOf = (more: object) =>
    register(newKey(), person("unfit-answers@example.com", more)).then(
      () => [],
      (error: { details?: { issues: { path: string[]; code: string }[] } }) =>
        error.details?.issues.map(({ path, code }) => `${path.join(".")}: ${code}`),
    );
  const unfit = {
    p_size: "xl",
    p_days: [1],
    p_count: "1e999",
    p_day: "2027-02-29",
    p_vegan: 1,
    p_note: "\0",
    p_ad: "x\ny",
    p_no: "",
  };
  expect(await issuesOf({ phone: "1", form: "p-spring", answers: unfit })).toEqual([
    "phone: phone",
    "answers.p_size: option",
    "answers.p_days: invalid",
    "answers.p_count: number",
    "answers.p_day: date",
    "answers.p_vegan: invalid",
    "answers.p_note: characters",
    "answers.p_ad: characters",
    "answers.p_no: unknown_field",
  ]);
  // The first form asks none of them.
  expect(await issuesOf({ answers: { p_size: "m" } })).toEqual(["answers.p_size: unknown_field"]);
  expect(await issuesOf({ form: "p-none" })).toEqual(["form: invalid"]);
  expect(await issuesOf({ form: "p-closed" })).toEqual(["form: form_closed"]);
  expect(await people("unfit-answers@example.com")).toEqual([]);
});

test("a form that was closed refuses programs with 409, and answers what it took before", async () => {
  const { db, forms } = crm.services;
  const { id } = await db.form.create({ data: { slug: "p-over", name: "" } });
  await forms.reload();
  const [key, before] = [newKey(), person("before-closing@example.com", { form: "p-over" })];
  const { userId } = await register(key, before);
  await db.form.update({ where: { id }, data: { closedAt: new Date() } });
  await forms.reload();
  expect(await register(key, before)).toEqual({ userId, crmState: "pending" });
  await expect(register(newKey(), person("after-closing@example.com", { form: "p-over" }))).rejects.toMatchObject({
    code: "FORM_CLOSED",
    status: 409,
    details: { issues: [{ path: ["form"], code: "form_closed" }] },
  });
  expect(await people("after-closing@example.com")).toEqual([]);
});
