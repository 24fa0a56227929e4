import { expect, test } from "vitest";
import { openConflict } from "~server/conflicts/conflicts";
import { startCrm } from "~server/test/crm";
import { makeAdmin, makeUser } from "~server/test/factories";
import { actOnConflicts } from "./actions.server";

const now = { currency: "USD", amount: 39, rows: [] };

async function start() {
  const { services } = await startCrm();
  const actor = await makeAdmin(services.db);
  const { id: userId } = await makeUser(services.db);
  await openConflict(services.db, { kind: "SALE_CHANGED", userId, portalId: 71, details: { now, was: null } });
  const { id } = await services.db.conflict.findFirstOrThrow();
  const send = async (fields: Record<string, string>) => {
    const body = new URLSearchParams({ conflict: String(id), action: "dismiss", ...fields });
    const request = new Request("http://localhost/admin/conflicts", { method: "POST", body });
    const answer = await actOnConflicts({ request, context: { services }, params: {} } as never, actor);
    return [answer.init?.status ?? 200, answer.data];
  };
  return { services, id, send };
}

test("a decision about another sale than the page shows is refused in words, and one that shows it is taken", async () => {
  const { services, send } = await start();
  expect(await send({ sale: JSON.stringify({ ...now, amount: 29 }) })).toEqual([409, { problem: { code: "kept" } }]);
  for (const sale of ["", "{", "null", '{"currency":1}'])
    await expect(send({ sale }), sale).rejects.toMatchObject({ init: { status: 400 } });
  expect(await services.db.conflict.count({ where: { resolvedAt: null } })).toBe(1);
  expect(await send({ sale: JSON.stringify(now) })).toEqual([200, { decided: "dismiss", waits: false }]);
});

test("a page that shows a conflict as open is told by whom it was left as it is meanwhile", async () => {
  const { send } = await start();
  await send({ dismissed: "false" });
  const answer = await send({ dismissed: "false", action: "restore" });
  expect(answer).toMatchObject([409, { problem: { code: "taken", by: { kind: "USER" } } }]);
});

test("a decision about a person who was erased meanwhile has nothing to decide, as one about an unknown conflict", async () => {
  const { services, id, send } = await start();
  await services.db.conflict.delete({ where: { id } });
  expect(await send({})).toEqual([404, { problem: { code: "gone" } }]);
});
