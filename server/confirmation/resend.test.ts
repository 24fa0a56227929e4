import { afterAll, beforeAll, expect, test } from "vitest";
import { endSessionsOf } from "../auth/sessions";
import { lockPerson } from "../database/lock-person";
import { requestEmailChange } from "../privacy/change-details";
import { blocked } from "../test/database";
import { makeUser, userOf } from "../test/factories";
import { createTestServices, type TestServices } from "../test/services";
import { newSessionOf } from "../test/sign-in";
import { confirmByCode, confirmByLink } from "./confirm";
import { openAddress, resendConfirmation } from "./resend";

let services: TestServices;

beforeAll(async () => {
  services = await createTestServices({
    APP_URL: "https://site.example",
    SESSION_SECRET: "s".repeat(32),
    EMAIL_CONFIRMATION: "required",
  });
});
afterAll(() => services.drop());

/** A person who has asked for another address, and what was mailed to it. */
async function asked(person: Parameters<typeof makeUser>[1]) {
  const { id, email } = await makeUser(services.db, person);
  const to = `next-${email}`;
  expect(await ask(id, to)).toBe("asked");
  return { id, email, to, ...(await mailTo(to, 1)) };
}

async function ask(id: number, email: string) {
  const sessionId = await newSessionOf(services, id);
  return requestEmailChange(services, { actor: { kind: "USER", id, role: "USER" }, userId: id, email, sessionId });
}

async function mailTo(email: string, number: number) {
  const found = () => services.mails.filter((mail) => mail.to === email);
  await expect.poll(() => found().length).toBe(number);
  const text = found().at(-1)?.text ?? "";
  return { token: /\/confirm\/([\w-]{43})/.exec(text)?.[1] ?? "", code: /\b(\d{6})\b/.exec(text)?.[1] ?? "" };
}

const confirmed = { emailConfirmedAt: new Date() };
const held = { crmState: "HELD" as const, holds: ["email"] };

for (const [who, person] of [
  ["whose registration waits for a confirmation", held],
  ["who has confirmed the present one", confirmed],
] as const)
  test(`another mail goes to the address that a person has asked for, ${who}`, async () => {
    const { id, email, to, token } = await asked(person);
    expect(await resendConfirmation(services, id)).toBe("sent");
    const { code } = await mailTo(to, 2);
    expect(services.mails.filter((mail) => mail.to === email)).toEqual([]);
    expect(await confirmByLink(services, token)).toBe("dead");
    expect(await confirmByCode(services, { userId: id, code })).toBe("confirmed");
    expect(await userOf({ services }, id)).toMatchObject({ email: to, holds: [], emailConfirmedAt: expect.any(Date) });
  });

test("mails of a change are three within the hour, asked for in the form or once more", async () => {
  const { id, to } = await asked(confirmed);
  for (const number of [2, 3]) {
    expect(await resendConfirmation(services, id)).toBe("sent");
    await mailTo(to, number);
  }
  expect(await resendConfirmation(services, id)).toBe("limited");
  expect(await ask(id, `third-${to}`)).toBe("limited");
});

test("no mail goes to an address with which another person has registered meanwhile", async () => {
  const { id, to } = await asked(confirmed);
  await makeUser(services.db, { email: to });
  expect(await resendConfirmation(services, id)).toBe("taken");
});

test("a change that ends while another mail of it is asked for is not opened again", async () => {
  const { id, token } = await asked(confirmed);
  let resending: Promise<unknown> | undefined;
  await services.db.$transaction(async (tx) => {
    await lockPerson(tx, id);
    resending = resendConfirmation(services, id);
    await expect.poll(() => blocked(services)).toBe(1);
    await endSessionsOf(tx, id);
  });
  expect(await resending).toBe("confirmed");
  expect(await services.db.emailConfirmation.count({ where: { userId: id } })).toBe(0);
  expect(await confirmByLink(services, token)).toBe("dead");
});

test("who asks for the present address again ends the change, and further mails go to the present one", async () => {
  const { id, email, to, token } = await asked({});
  expect(await openAddress(services, id)).toBe(to);
  expect(await ask(id, email)).toBe("kept");
  expect(await ask(id, email)).toBe("same");
  expect(await confirmByLink(services, token)).toBe("dead");
  expect(await openAddress(services, id)).toBe(email);
  expect(await resendConfirmation(services, id)).toBe("sent");
  await mailTo(email, 1);
});
