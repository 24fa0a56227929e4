import { expect, test } from "vitest";
import type { FirstOptions } from "../../e2e/portal/settings";
import { notifyMethod } from "../bitrix24/notify";
import { findFaults } from "../test/crm";
import {
  arrive,
  check,
  makeDue,
  many,
  requests,
  rows,
  sent,
  start,
  tell,
  told,
  trouble,
  withMessages,
} from "../test/messages";
import { tellResponsible } from "./message-sender";

test("a lost answer makes no second message, and loses none", async () => {
  const crm = await start();
  await arrive(crm, many(3));
  crm.portal.fail({ kind: "dropAfter", method: notifyMethod, times: 1 });
  await tell(crm);
  expect(told(crm)).toHaveLength(3);
  expect(await rows(crm)).toMatchObject(Array(3).fill({ state: "pending", error: "CONNECTION_LOST" }));
  await tell(crm);
  expect(requests(crm)).toBe(1);
  await makeDue(crm);
  await tell(crm);
  expect(await rows(crm)).toEqual(Array(3).fill(sent(1)));
  expect(told(crm)).toHaveLength(3);
  expect(new Set(told(crm).map(({ tag }) => tag)).size).toBe(3);
});

test("a process that dies after the request leaves no second message", async () => {
  const crm = await start();
  await arrive(crm);
  const dying = { ...withMessages(crm), pool: { query: () => Promise.reject(new Error("killed")) } } as never;
  await expect(tellResponsible(dying, { idle: true })).rejects.toThrow("killed");
  expect(told(crm)).toHaveLength(1);
  await tell(crm);
  expect(requests(crm)).toBe(1);
  await makeDue(crm);
  await tell(crm);
  expect(await rows(crm)).toEqual([sent(1)]);
  expect(told(crm)).toHaveLength(1);
});

const closed: [name: string, portal: FirstOptions, code: string][] = [
  [
    "the webhook lacks the permission",
    { webhooks: [{ userId: 1, secret: "standinportalkey", scopes: ["crm", "catalog"] }] },
    "INSUFFICIENT_SCOPE",
  ],
  ["the portal has no such method", { missingMethods: ["im.*"] }, "ERROR_METHOD_NOT_FOUND"],
];

test.each(closed)(
  "%s: no registration suffers, the portal is left alone for an hour, and old messages end",
  async (_name, portal, code) => {
    const crm = await start({ portal });
    await arrive(crm, many(2));
    await tell(crm);
    expect(await rows(crm)).toEqual(Array(2).fill({ state: "pending", error: code, receiver: 1 }));
    expect(await trouble(crm)).toEqual({ waits: code, receivers: [], nobody: false, refused: [] });
    expect(await check(crm)).toMatchObject({ state: "warn" });
    await arrive(crm);
    await crm.services.pool.query(
      `update "PersonNotice" set "nextAttemptAt" = now() + interval '50 minutes' where "error" is not null`,
    );
    await tell(crm);
    expect(requests(crm)).toBe(1);
    expect(await findFaults(crm)).toEqual([]);
    await makeDue(crm);
    crm.portal.configure({
      missingMethods: [],
      webhooks: [{ userId: 1, secret: "standinportalkey", scopes: ["crm", "catalog", "im"] }],
    });
    await crm.services.pool.query(`update "PersonNotice" set "at" = now() - interval '25 hours' where "error" is null`);
    await tell(crm);
    expect(await rows(crm)).toEqual([sent(1), sent(1), { state: "failed", error: "OLD", receiver: null }]);
    expect(await trouble(crm)).toBeNull();
    expect(await check(crm)).toMatchObject({ state: "ok" });
  },
);

test("a message over which the portal breaks down holds up no other, and goes without what it cannot store", async () => {
  const crm = await start();
  const emoji = "\u{1F600}";
  await crm.portal.fail({ kind: "command", method: notifyMethod, match: emoji, code: "ERROR_CORE" });
  await crm.portal.fail({ kind: "command", method: notifyMethod, match: "Беда", code: "ERROR_CORE" });
  await arrive(crm, [{ firstName: `Аня ${emoji}` }, { firstName: "Беда" }, {}]);
  const states = async () => (await rows(crm)).map(({ state, error }) => [state, error]);
  await tell(crm);
  expect(await states()).toEqual([
    ["pending", null],
    ["pending", null],
    ["sent", null],
  ]);
  for (let attempt = 0; attempt < 2; attempt++) {
    await makeDue(crm);
    await tell(crm);
  }
  expect(await states()).toEqual([
    ["sent", null],
    ["failed", "ERROR_CORE"],
    ["sent", null],
  ]);
  expect(told(crm)).toHaveLength(2);
  expect(told(crm).some(({ message }) => message.startsWith("Новая регистрация: Аня Фамилия"))).toBe(true);
});

test("a firewall that turns all messages away loses none of them, and is asked a few times only", async () => {
  const page = () => new Response("<html>no</html>", { status: 403, headers: { "content-type": "text/html" } });
  let isClosed = true;
  let asked = 0;
  const crm = await start({
    gateway: {
      request: (method, body) => {
        if (method !== "batch" || !body.includes(notifyMethod)) return undefined;
        asked++;
        return isClosed ? page() : undefined;
      },
    },
  });
  await arrive(crm, many(12));
  await tell(crm);
  expect(await rows(crm)).toMatchObject(Array(12).fill({ state: "pending", error: "TURNED_AWAY" }));
  expect(asked).toBeLessThanOrEqual(10);
  isClosed = false;
  await makeDue(crm);
  await tell(crm);
  expect(await rows(crm)).toEqual(Array(12).fill(sent(1)));
});

test("a firewall that reads along keeps back only the message that it dislikes", async () => {
  const crm = await start({
    gateway: {
      request: (method, body) =>
        method === "batch" && body.includes(notifyMethod) && body.includes(encodeURIComponent("Забор"))
          ? new Response("<html>no</html>", { status: 403, headers: { "content-type": "text/html" } })
          : undefined,
    },
  });
  await arrive(crm, [{}, {}, { firstName: "Забор" }, {}, {}]);
  await tell(crm);
  expect((await rows(crm)).map(({ state, error }) => [state, error])).toEqual([
    ["sent", null],
    ["sent", null],
    ["failed", "TURNED_AWAY"],
    ["sent", null],
    ["sent", null],
  ]);
});
