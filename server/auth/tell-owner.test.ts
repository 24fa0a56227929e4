import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { codeOf } from "../test/authenticator";
import { makeUser } from "../test/factories";
import { createTestServices, type TestServices } from "../test/services";
import { changePassword } from "./own-password";
import { hashPassword } from "./password";
import { requestPasswordReset, resetPassword } from "./password-reset";
import { enableSecondFactor, newEnrolment } from "./second-factor/enrolment";
import { disableSecondFactor, renewRecoveryCodes } from "./second-factor/second-factor";

let services: TestServices;
const source = { APP_URL: "https://site.example", SESSION_SECRET: "s".repeat(32) };
beforeAll(async () => {
  services = await createTestServices(source);
});
beforeEach(() => {
  services.mails.length = 0;
});
afterAll(() => services.drop());

const [old, fresh] = ["seven-rivers-and-1-hill", "nine-lakes-and-2-woods"];

async function person(locale: "en" | "ru") {
  const passwordHash = await hashPassword(old);
  const { id, email } = await makeUser(services.db, { role: "ADMIN", locale, passwordHash });
  const actor = { kind: "USER", id, role: "ADMIN" } as const;
  const change = (by: TestServices = services) =>
    changePassword(by, { actor, current: old, next: fresh, cookieHeader: null });
  return { id, email, actor, change };
}
const subjects = () => services.mails.map(({ subject }) => subject);

test("a changed password is told to its owner once, by the own page and by a mailed link", async () => {
  const { email, change } = await person("en");
  await change();
  const told = {
    to: email,
    subject: "The password of your account was changed",
    text: expect.stringContaining("https://site.example/forgot"),
  };
  expect(services.mails).toEqual([told]);
  // The same form, sent again after a lost answer.
  await change();
  expect(services.mails).toHaveLength(1);

  await requestPasswordReset(services, { email, words: (link) => ({ subject: "link", text: link }) });
  await expect.poll(subjects).toEqual([told.subject, "link"]);
  const token = services.mails[1]?.text.split("/").at(-1) ?? "";
  await resetPassword(services, { token, password: "three-meadows-and-4-hills" });
  expect(await resetPassword(services, { token, password: "five-meadows-and-6-hills" })).toBeNull();
  expect(services.mails.slice(2)).toEqual([told]);
});

test("what becomes of the second factor is told to its owner in the account's language, without a secret", async () => {
  const { id, email, actor } = await person("ru");
  const { secret, sealed } = await newEnrolment(services, id, "Front Desk");
  const on = { userId: id, sealed, userAgent: null };
  await expect(enableSecondFactor(services, { ...on, code: "000000" })).rejects.toBeDefined();
  expect(services.mails).toEqual([]);
  await enableSecondFactor(services, { ...on, code: codeOf(secret) });
  const free = () => services.db.secondFactor.update({ where: { userId: id }, data: { lastStep: 0 } });
  await free();
  const codes = await renewRecoveryCodes(services, { actor, password: old, code: codeOf(secret) });
  await free();
  await disableSecondFactor(services, { actor, password: old, code: codeOf(secret), userAgent: null });
  expect(subjects()).toEqual([
    "В вашем аккаунте включён второй фактор",
    "Новые резервные коды для вашего аккаунта",
    "В вашем аккаунте отключён второй фактор",
  ]);
  expect(services.mails.map(({ to }) => to)).toEqual([email, email, email]);
  const text = JSON.stringify(services.mails);
  for (const kept of [secret, ...codes]) expect(text).not.toContain(kept);
});

test("a password changed to and fro mails the address three times within an hour, other changes included", async () => {
  const { actor } = await person("en");
  const passwords = [old, fresh];
  for (let turn = 0; turn < 4; turn++) {
    const [current = "", next = ""] = turn % 2 ? passwords.toReversed() : passwords;
    await changePassword(services, { actor, current, next, cookieHeader: null });
    expect(services.mails).toHaveLength(Math.min(turn + 1, 3));
  }
  const { secret, sealed } = await newEnrolment(services, actor.id, "Front Desk");
  await enableSecondFactor(services, { userId: actor.id, sealed, userAgent: null, code: codeOf(secret) });
  expect(services.mails).toHaveLength(3);
});

test("where no mail is configured nothing is tried", async () => {
  const { change } = await person("en");
  await change({ ...services, env: { ...parseEnv(source), NODE_ENV: "production", SMTP_URL: undefined } });
  expect(services.mails).toEqual([]);
});
