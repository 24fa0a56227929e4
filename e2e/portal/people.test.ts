import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal } from "./portal";

const users = Array.from({ length: 120 }, (_, index) => ({
  id: index + 1,
  name: `N${index + 1}`,
  lastName: "L",
  email: `${index + 1}@portal.example`,
  active: index % 10 !== 9,
  admin: index === 0,
}));
const ids = (result: unknown) => (result as { ID: string }[]).map(({ ID }) => Number(ID));

test("users come in pages of 50, by id", async () => {
  const portal = createPortal({ users });
  const first = (await callPortal(portal, "user.get")).body;
  expect([ids(first.result).length, first.total, first.next]).toEqual([50, 120, 50]);
  const last = (await callPortal(portal, "user.get", { start: 100 })).body;
  expect([ids(last.result)[0], ids(last.result).length, last.next]).toEqual([101, 20, undefined]);
});

test.each([
  [{ filter: { "@ID": [3, 70] } }, [3, 70]],
  [{ FILTER: { ID: ["3", "70"] } }, [3, 70]],
  [{ ID: 3 }, [3]],
  [
    { filter: { "@ID": Array.from({ length: 60 }, (_, index) => index + 1) }, start: 50 },
    [51, 52, 53, 54, 55, 56, 57, 58, 59, 60],
  ],
  [{ filter: { "@ID": [9, 10], ACTIVE: true } }, [9]],
  [{ filter: { "@ID": [9, 10], ACTIVE: "N" } }, [10]],
  [{ filter: { ">ID": 118 } }, [119, 120]],
  [{ filter: { "<=ID": 2 }, order: "DESC" }, [2, 1]],
  [{ filter: { EMAIL: "7@portal.example" } }, [7]],
  [{ filter: { "%EMAIL": "117@PORTAL" } }, [117]],
  [{ filter: { "=%NAME": "%n7" } }, [7]],
  [{ filter: { "%=NAME": "N11_", "<ID": 112 } }, [110, 111]],
  [{ filter: { "!%NAME": "n", ID: [1, 2] } }, []],
  [{ filter: { "!=%NAME": "N1%", ID: [1, 2] } }, [2]],
  [{ filter: { "!%=NAME": "N1%", ID: [1, 2] } }, [2]],
  [{ filter: { "!ID": [1, 2], "<ID": 4 } }, [3]],
  [{ filter: { "@ID": [9, 10], ACTIVE: "0" } }, [10]],
])("user.get %j", async (params, expected) => {
  const { body } = await callPortal(createPortal({ users }), "user.get", params);
  expect(ids(body.result)).toEqual(expected);
});

test.each([
  [["user_brief"], ["NAME"], ["EMAIL", "LAST_LOGIN"]],
  [["user_basic"], ["NAME", "EMAIL"], ["LAST_LOGIN"]],
  [["user", "user_brief"], ["EMAIL", "LAST_LOGIN"], []],
])("a webhook of the scopes %j is told of a person accordingly", async (scopes, told, untold) => {
  const portal = createPortal({ webhooks: [{ userId: 1, secret: "standinportalkey", scopes }] });
  for (const method of ["user.current", "user.get"]) {
    const [person] = [(await callPortal(portal, method, { ID: 1 })).body.result].flat();
    for (const name of told) expect(person).toHaveProperty(name);
    for (const name of untold) expect(person).not.toHaveProperty(name);
  }
  portal.configure({ webhooks: [{ userId: 1, secret: "standinportalkey", scopes: ["crm"] }] });
  expect((await callPortal(portal, "user.get")).body.error).toBe("insufficient_scope");
});

test("a visit is kept with whose it was, and refused where it makes no sense", async () => {
  const portal = createPortal();
  portal.staff.addDeal({ title: "T" });
  const TRACE = JSON.stringify({ tags: { list: { utm_source: "tg" } } });
  const add = (params: object) => callPortal(portal, "crm.tracking.trace.add", params);
  expect((await add({ TRACE, ENTITIES: [{ TYPE: "DEAL", ID: 7001 }] })).body.result).toBe(301);
  expect(portal.traces.get(301)).toMatchObject({
    trace: { tags: { list: { utm_source: "tg" } } },
    entities: [{ type: "DEAL", id: 7001 }],
  });
  for (const params of [{}, { TRACE: "{" }, { TRACE, ENTITIES: [{ TYPE: "TASK", ID: 1 }] }]) {
    expect(await add(params)).toMatchObject({ status: 400, body: { error: "ERROR_CORE" } });
  }
  const denied = { TRACE, ENTITIES: [{ TYPE: "CONTACT", ID: 1 }] };
  expect((await add(denied)).body.error_description).toContain("You have no access to entity CONTACT");
  const remove = (params: object) => callPortal(portal, "crm.tracking.trace.delete", params);
  expect((await remove({})).body).toMatchObject({ error: "ERROR_CORE", error_description: "Parameter `id` required." });
  expect((await remove({ id: 301 })).body.result).toBeNull();
  expect(portal.traces.size).toBe(0);
  portal.configure({ missingMethods: ["crm.tracking.*"] });
  expect((await add({ TRACE })).status).toBe(404);
});

test("people of the portal are told things, once for each tag of a program that says who it is", async () => {
  const scopes = ["crm", "im"];
  const portal = createPortal({ webhooks: [{ userId: 1, secret: "standinportalkey", scopes }] });
  const notify = (params: object) => callPortal(portal, "im.notify.system.add", params);
  const told = () => [...portal.notifications.values()].map(({ id, userId, message }) => [id, userId, message]);
  const a = { TAG: "a", CLIENT_ID: "desk" };
  expect((await notify({ USER_ID: 2, MESSAGE: "  A lead waits ", ...a })).body.result).toBe(12001);
  expect((await callPortal(portal, "im.notify", { USER_ID: 2, MESSAGE: "Two wait", ...a })).body.result).toBe(12002);
  expect([...portal.notifications.values()]).toMatchObject([{ id: 12002, kind: "personal", message: "Two wait" }]);
  await notify({ USER_ID: 3, MESSAGE: "Three wait", ...a });
  await notify({ USER_ID: 3, MESSAGE: "Of another program", TAG: "a", CLIENT_ID: "shop" });
  await notify({ USER_ID: 3, MESSAGE: "Nameless", TAG: "a" });
  await notify({ USER_ID: 3, MESSAGE: "Nameless", TAG: "a" });
  expect(told()).toEqual([
    [12003, 3, "Three wait"],
    [12004, 3, "Of another program"],
    [12005, 3, "Nameless"],
    [12006, 3, "Nameless"],
  ]);
  for (const USER_ID of [4, 99]) expect((await notify({ USER_ID, MESSAGE: "x" })).body.result).toBe(false);
  expect((await notify({ MESSAGE: "x" })).body.error).toBe("USER_ID_EMPTY");
  expect((await notify({ USER_ID: 2, MESSAGE: " " })).body.error).toBe("MESSAGE_EMPTY");
});

test("a program takes its notifications back by tag or number, and no other program's", async () => {
  const portal = createPortal();
  const MESSAGE = "A lead waits";
  await callPortal(portal, "im.notify.system.add", { USER_ID: 2, MESSAGE, TAG: "a", CLIENT_ID: "desk" });
  await callPortal(portal, "im.notify.system.add", { USER_ID: 2, MESSAGE, TAG: "b", CLIENT_ID: "desk" });
  const remove = async (params: object) => (await callPortal(portal, "im.notify.delete", params)).body;
  expect((await remove({ TAG: "a" })).error).toBe("ACCESS_DENIED");
  expect((await remove({ CLIENT_ID: "desk" })).error).toBe("PARAMS_ERROR");
  expect((await remove({ TAG: "a", CLIENT_ID: "shop" })).result).toBe(false);
  expect(portal.notifications.size).toBe(2);
  expect((await remove({ TAG: "a", CLIENT_ID: "desk" })).result).toBe(true);
  expect((await remove({ ID: 12002, CLIENT_ID: "desk" })).result).toBe(true);
  expect(portal.notifications.size).toBe(0);
  portal.configure({ webhooks: [{ userId: 1, secret: "standinportalkey", scopes: ["crm"] }] });
  expect((await remove({ TAG: "a", CLIENT_ID: "desk" })).error).toBe("insufficient_scope");
});
