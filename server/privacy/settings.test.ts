import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiToken, revokeApiToken } from "../auth/api-tokens";
import type { TokenScope } from "../auth/token-scopes";
import { makeAdmin } from "../test/factories";
import { createTestServices, type TestServices } from "../test/services";
import { privacySettings } from "./settings";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.drop());

test("the privacy page tells of other programs where there is a webhook, and how long messages to it are kept", async () => {
  const { db } = services;
  expect(await privacySettings(services)).toMatchObject({ tellsPrograms: false, sendsToPrograms: false });
  await db.webhook.create({ data: { url: "https://a.example/", events: [], sealedSecret: "s", createdById: 1 } });
  expect(await privacySettings(services)).toMatchObject({ tellsPrograms: true, sendsToPrograms: true });
  await db.webhook.deleteMany();
});

test("the privacy page tells of other programs as long as a token lives by which one learns of people", async () => {
  const { db } = services;
  const actor = await makeAdmin(db);
  const tells = async () => {
    const { tellsPrograms, sendsToPrograms } = await privacySettings(services);
    expect(sendsToPrograms).toBe(false);
    return tellsPrograms;
  };
  const make = (...scopes: TokenScope[]) => createApiToken(services, { actor, name: "Program", scopes });
  await make("register");
  expect(await tells()).toBe(false);
  for (const scope of ["read", "payments", "registrations"] as const) {
    const { id } = await make("register", scope);
    expect(await tells()).toBe(true);
    await revokeApiToken(services, { actor, id });
    expect(await tells()).toBe(false);
  }
  const { id } = await make("read");
  await db.apiToken.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1_000) } });
  expect(await tells()).toBe(false);
  await db.apiToken.update({ where: { id }, data: { expiresAt: new Date(Date.now() + 60_000) } });
  expect(await tells()).toBe(true);
  await db.user.update({ where: { id: actor.id }, data: { role: "USER" } });
  expect(await tells()).toBe(false);
});

test("the privacy page tells of mails to managers where they are sent", async () => {
  const { db, env } = services;
  const tells = async (changed: Partial<typeof env>) =>
    (await privacySettings({ db, env: { ...env, ...changed } })).tellsManagers;
  const on = { MANAGER_MAIL: "on", MANAGER_EMAILS: ["sales@example.com"], SMTP_URL: "smtp://127.0.0.1:25" } as const;
  expect(await tells({ ...on, MANAGER_EMAILS: [...on.MANAGER_EMAILS] })).toBe(true);
  expect(await tells({ ...on, MANAGER_EMAILS: [] })).toBe(false);
  expect(await tells({ ...on, MANAGER_EMAILS: [...on.MANAGER_EMAILS], MANAGER_MAIL: "off" })).toBe(false);
});
