import { expect, onTestFinished, test } from "vitest";
import { passwordAgainField } from "~/page/interruption";
import * as webhooksPage from "~/routes/admin.webhooks";
import { startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { startSession } from "~server/auth/auth";
import { hashPassword } from "~server/auth/password";
import { makeUser } from "~server/test/factories";
import { cookiesOf } from "~server/test/sign-in";
import { createWebhook, switchWebhook } from "~server/webhooks/webhooks";

test("a webhook is switched on only after the password was given again, and off without it", async () => {
  const app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild({ "admin/webhooks": webhooksPage }));
  onTestFinished(() => app.stop());
  const { services } = app;
  const password = "the administrator's own phrase";
  const { id: adminId } = await makeUser(services.db, { role: "ADMIN", passwordHash: await hashPassword(password) });
  const actor = { kind: "USER", id: adminId, role: "ADMIN" } as const;
  const cookie = cookiesOf([await startSession(services, adminId, null, "ADMIN")]);
  const url = "https://shop.example.com/hook";
  const { id } = await createWebhook(services, { actor, url, events: ["payment.changed"] });
  await switchWebhook(services, { actor, id, on: false });
  await services.db.session.updateMany({ data: { confirmedAt: new Date(0) } });
  const send = async (fields: Record<string, string>) => {
    const body = new URLSearchParams(fields);
    const headers = { cookie, "accept-language": "en" };
    const { status } = await app.fetch("/admin/webhooks.data", { method: "POST", headers, body });
    const { disabledAt } = await services.db.webhook.findUniqueOrThrow({ where: { id } });
    return { status, isOn: disabledAt === null };
  };

  expect(await send({ on: String(id) })).toEqual({ status: 403, isOn: false });
  expect(await send({ on: String(id), [passwordAgainField]: "wrong phrase" })).toEqual({ status: 403, isOn: false });
  expect(await send({ on: String(id), [passwordAgainField]: password })).toEqual({ status: 200, isOn: true });
  await services.db.session.updateMany({ data: { confirmedAt: new Date(0) } });
  expect(await send({ off: String(id) })).toEqual({ status: 200, isOn: false });
});
