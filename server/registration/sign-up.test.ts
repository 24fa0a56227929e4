import { afterAll, beforeAll, expect, test } from "vitest";
import { type AttemptLimit, createAttemptLimit } from "../attempts/attempt-limit";
import { authenticate } from "../auth/auth";
import { readDefinition } from "../forms/read-definition";
import { makeUser } from "../test/factories";
import { createTestServices, type TestServices } from "../test/services";
import { cookiesOf } from "../test/sign-in";
import { formSchema } from "./form-schema";
import { signUp, signUpWithoutSession } from "./sign-up";

let services: TestServices;

beforeAll(async () => {
  services = await createTestServices({ APP_URL: "https://site.example", SESSION_SECRET: "s".repeat(32) });
});
afterAll(() => services.drop());

let made = 0;
const newForm = () => ({
  firstName: "Анна",
  email: `anna-${++made}@example.com`,
  phone: "+79123456789",
  password: "correct horse battery",
  consent: "on",
});

const read = (form: ReturnType<typeof newForm>) => formSchema(readDefinition({})).schema.parse(form).input;

const send = (form: ReturnType<typeof newForm>, limit: AttemptLimit = async () => null, formId: number | null = null) =>
  signUp(services, {
    input: read(form),
    formId,
    utm: { first: null, last: null },
    locale: "ru",
    sender: { address: "203.0.113.1", limit, userAgent: "Test/1.0", cookieHeader: null },
  });

const actorOf = (cookies: string[]) =>
  authenticate(services, new Request("https://site.example/", { headers: { cookie: cookiesOf(cookies) } }));

const registered = (email: string) => services.db.user.findMany({ where: { email } });

test("a form that is sent twice registers one person and signs in to that registration", async () => {
  const form = newForm();
  const first = await send(form);
  const second = await send({ ...form, email: ` ${form.email.toUpperCase()} `, phone: "8 (912) 345-67-89" });
  expect([first.outcome, second.outcome]).toEqual(["registered", "repeated"]);
  const [user, ...others] = await registered(form.email);
  expect(others).toEqual([]);
  for (const { cookies } of [first, second]) expect(await actorOf(cookies)).toMatchObject({ id: user?.id });
});

test("forms that arrive at the same moment end with one registration, and all of them signed in", async () => {
  const form = newForm();
  const answers = await Promise.all([1, 2, 3, 4].map(() => send(form)));
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(["registered", "repeated", "repeated", "repeated"]);
  expect(await registered(form.email)).toHaveLength(1);
  expect(new Set(await Promise.all(answers.map(async ({ cookies }) => (await actorOf(cookies))?.id))).size).toBe(1);
});

test("who had registered with other details is told so, and what was stored stays", async () => {
  const form = newForm();
  await send(form);
  expect(await send({ ...form, firstName: "Мария" })).toMatchObject({ outcome: "known" });
  expect(await registered(form.email)).toMatchObject([{ firstName: "Анна" }]);
});

test("a phone whose extension differs is another detail", async () => {
  const form = newForm();
  await send({ ...form, phone: "+7 495 123-45-67 доб. 12" });
  expect((await send({ ...form, phone: "+7 495 123-45-67 доб. 12" })).outcome).toBe("repeated");
  expect((await send({ ...form, phone: "+7 495 123-45-67 доб. 34" })).outcome).toBe("known");
});

const otherForm = () =>
  services.db.form.create({ data: { slug: `other-${++made}`, name: "Другой продукт", definition: {} } });

test("the same details by another form are no repeated registration, since that form registers nobody", async () => {
  const [first, second] = [await otherForm(), await otherForm()];
  const form = newForm();
  await send(form, undefined, first.id);
  expect((await send(form, undefined, first.id)).outcome).toBe("repeated");
  expect((await send(form, undefined, second.id)).outcome).toBe("known");
  expect((await send(form)).outcome).toBe("known");
  expect(await registered(form.email)).toMatchObject([{ formId: first.id }]);
});

test("another password is refused as a taken address, like that of a person without a password", async () => {
  const form = newForm();
  await send(form);
  await expect(send({ ...form, password: "another fine password" })).rejects.toMatchObject({ code: "EMAIL_TAKEN" });
  const imported = newForm();
  await makeUser(services.db, { email: imported.email });
  await expect(send(imported)).rejects.toMatchObject({ code: "EMAIL_TAKEN" });
});

test("it is counted as a sign-in, and signs nobody in once those of the address are used up", async () => {
  const form = newForm();
  await send(form);
  const limit = createAttemptLimit(services, { name: `sign-up-${made}`, attempts: 2 });
  for (const password of ["a wrong password 1", "a wrong password 2"])
    await expect(send({ ...form, password }, limit)).rejects.toMatchObject({ code: "EMAIL_TAKEN" });
  await expect(send(form, limit)).rejects.toMatchObject({ code: "EMAIL_TAKEN" });
  expect((await send(form)).outcome).toBe("repeated");
});

const sendFramed = (
  form: ReturnType<typeof newForm>,
  limit: AttemptLimit = async () => null,
  cookieHeader: string | null = null,
  formId: number | null = null,
) =>
  signUpWithoutSession(services, {
    input: read(form),
    formId,
    utm: { first: null, last: null },
    locale: "ru",
    sender: { address: "203.0.113.1", limit, userAgent: "Test/1.0", cookieHeader },
  });

test("inside another site's page nobody is signed in or out, however often the form is sent", async () => {
  const other = newForm();
  const { cookies } = await send(other);
  const form = newForm();
  expect(await sendFramed(form, undefined, cookiesOf(cookies))).toEqual({ outcome: "registered" });
  expect(await sendFramed(form, undefined, cookiesOf(cookies))).toEqual({ outcome: "repeated" });
  expect(await sendFramed({ ...form, firstName: "Мария" })).toEqual({ outcome: "known" });
  const [user, ...others] = await registered(form.email);
  expect(others).toEqual([]);
  expect(await services.db.session.count({ where: { userId: user?.id ?? 0 } })).toBe(0);
  expect(await actorOf(cookies)).not.toBeNull();
});

test("inside another site's page the same details by another form are no repeated registration either", async () => {
  const { id } = await otherForm();
  const form = newForm();
  await sendFramed(form);
  expect(await sendFramed(form, undefined, null, id)).toEqual({ outcome: "known" });
  expect(await sendFramed(form)).toEqual({ outcome: "repeated" });
});

test("inside another site's page a password is guessed no faster than at the sign-in", async () => {
  const form = newForm();
  await sendFramed(form);
  const limit = createAttemptLimit(services, { name: `framed-${made}`, attempts: 2 });
  for (const password of ["a wrong password 1", "a wrong password 2"])
    await expect(sendFramed({ ...form, password }, limit)).rejects.toMatchObject({ code: "EMAIL_TAKEN" });
  await expect(sendFramed(form, limit)).rejects.toMatchObject({ code: "EMAIL_TAKEN" });
});

test("inside another site's page a password alone tells nothing of a person with a second factor", async () => {
  const form = newForm();
  await sendFramed(form);
  const [user] = await registered(form.email);
  await services.db.secondFactor.create({ data: { userId: user?.id ?? 0, secret: "sealed", lastStep: 0 } });
  expect(await sendFramed(form)).toEqual({ outcome: "known" });
});
