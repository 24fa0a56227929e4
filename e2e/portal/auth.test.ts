import { expect, test } from "vitest";
import { defaultSecret } from "./administration";
import { callBatch, callPortal, sendTo } from "./call-portal";
import { createPortal } from "./portal";

const path = `/rest/1/${defaultSecret}`;

test("user id and secret stand in the path, with or without suffix or slash after the method, in any case", async () => {
  const portal = createPortal();
  for (const method of ["profile", "profile.json", "profile/", "Profile.json", "PROFILE"]) {
    expect(await sendTo(portal, `${path}/${method}`)).toMatchObject({ status: 200, body: { result: { ID: "1" } } });
  }
});

test("a wrong secret or a wrong user is refused with the same code", async () => {
  const portal = createPortal();
  for (const wrong of ["/rest/1/wrong/profile", `/rest/2/${defaultSecret}/profile`]) {
    expect(await sendTo(portal, wrong)).toMatchObject({ status: 401, body: { error: "INVALID_CREDENTIALS" } });
  }
});

test("a request without credentials is told so", async () => {
  const portal = createPortal();
  expect(await sendTo(portal, "/rest/profile")).toMatchObject({ status: 401, body: { error: "NO_AUTH_FOUND" } });
  const withToken = await sendTo(portal, "/rest/profile?auth=token");
  expect(withToken).toMatchObject({ status: 401, body: { error: "invalid_token" } });
});

test("an unknown method is told before credentials are looked at", async () => {
  const answer = await sendTo(createPortal(), "/rest/1/wrong/crm.nothing.get");
  expect(answer).toMatchObject({ status: 404, body: { error: "ERROR_METHOD_NOT_FOUND" } });
});

test("a webhook without the scope may not call the method", async () => {
  const portal = createPortal({ webhooks: [{ userId: 1, secret: defaultSecret, scopes: ["crm"] }] });
  const answer = await callPortal(portal, "catalog.product.get", { id: 1777 });
  expect(answer).toMatchObject({ status: 401, body: { error: "insufficient_scope" } });
  expect((await callPortal(portal, "crm.currency.list")).status).toBe(200);
});

test("inside a batch a missing scope has no text", async () => {
  const portal = createPortal({ webhooks: [{ userId: 1, secret: defaultSecret, scopes: ["crm"] }] });
  const { result_error } = await callBatch(portal, { p: "catalog.product.get?id=1777" });
  expect(result_error).toEqual({ p: { error: "insufficient_scope", error_description: "" } });
});

test("a portal of before 2026 refuses with other statuses", async () => {
  const portal = createPortal({ switches: { statuses: "before2026", portalDeletedStatus: 410 } });
  expect((await sendTo(portal, "/rest/1/wrong/profile")).status).toBe(403);
  portal.fail({ kind: "overload", times: 1 });
  expect(await callPortal(portal, "profile")).toMatchObject({ status: 503, body: { error: "OVERLOAD_LIMIT" } });
  portal.fail({ kind: "deleted", times: 1 });
  expect(await callPortal(portal, "profile")).toMatchObject({ status: 410, body: { error: "PORTAL_DELETED" } });
});

test("the permanent failures carry the codes by which a client knows to stop", async () => {
  const portal = createPortal();
  const expected = {
    badCredentials: [401, "INVALID_CREDENTIALS"],
    plan: [401, "ACCESS_DENIED"],
    overload: [401, "OVERLOAD_LIMIT"],
    deleted: [403, "PORTAL_DELETED"],
    insufficientScope: [401, "insufficient_scope"],
    expired: [401, "expired_token"],
  } as const;
  for (const [kind, [status, error]] of Object.entries(expected)) {
    portal.fail({ kind: kind as keyof typeof expected, times: 1 });
    expect(await callPortal(portal, "profile")).toMatchObject({ status, body: { error } });
  }
  expect((await callPortal(portal, "profile")).status).toBe(200);
});

test("a webhook ends when its owner is dismissed", async () => {
  const portal = createPortal({ webhooks: [{ userId: 4, secret: "former", scopes: ["crm"] }] });
  const answer = await sendTo(portal, "/rest/4/former/profile");
  expect(answer).toMatchObject({ status: 401, body: { error: "INVALID_CREDENTIALS" } });
});

test("events cannot be bound through a webhook", async () => {
  const answer = await callPortal(createPortal(), "event.bind", {
    event: "ONCRMDEALUPDATE",
    handler: "https://x.example",
  });
  expect(answer).toMatchObject({ status: 403, body: { error: "WRONG_AUTH_TYPE" } });
});

test("the portal says which methods exist and which a webhook may call", async () => {
  const portal = createPortal({ webhooks: [{ userId: 1, secret: defaultSecret, scopes: ["crm"] }] });
  const state = async (name: string) => (await callPortal(portal, "method.get", { name })).body.result;
  expect(await state("crm.item.add")).toEqual({ isExisting: true, isAvailable: true });
  expect(await state("catalog.product.get")).toEqual({ isExisting: true, isAvailable: false });
  expect(await state("crm.nothing")).toEqual({ isExisting: false, isAvailable: false });
});
