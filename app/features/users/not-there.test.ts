import { expect, test } from "vitest";
import { actOnUser } from "~/features/users/actions.server";
import { erasePerson } from "~server/privacy/erase";
import { startCrm } from "~server/test/crm";
import { makeAdmin, makeUser } from "~server/test/factories";

const formOf = (fields: Record<string, string>) =>
  new Request("http://localhost/admin/users/1", { method: "POST", body: new URLSearchParams(fields) });

const change = { intent: "payment", isPaid: "true", seenPaid: "false", seenChange: "" };

async function start() {
  const { services } = await startCrm();
  const actor = { ...(await makeAdmin(services.db)), kind: "USER" } as const;
  const { id: userId } = await makeUser(services.db);
  await erasePerson(services, { actor, userId, cause: "admin" });
  const send = (id: number, fields: Record<string, string>) =>
    actOnUser({ request: formOf(fields), context: { services }, params: {} } as never, actor as never, id);
  return { services, userId, send };
}

test("a payment of a person who was erased while the page was open leads to the erasure's page", async () => {
  const { services, userId, send } = await start();
  const outcome = (await send(userId, change).catch((thrown: unknown) => thrown)) as Response;
  expect([outcome.status, outcome.headers.get("Location")]).toEqual([302, `/admin/rights/${userId}`]);
  expect(await services.db.user.findUniqueOrThrow({ where: { id: userId } })).toMatchObject({ isPaid: false });
});

test("a payment of nobody is not found", async () => {
  const { send } = await start();
  await expect(send(999_999, change)).rejects.toMatchObject({ init: { status: 404 } });
});
