import { expect, test } from "vitest";
import { newPortal } from "../../e2e/portal/administration";
import type { FirstOptions } from "../../e2e/portal/settings";
import { startCrm } from "../test/crm";
import { garbled } from "../test/garbled-answers";
import { checkConnection, isReady } from "./check-connection";

const settings = { BITRIX24_STAGE_ID: "PREPARATION", BITRIX24_PAID_STAGE_ID: "WON", BITRIX24_ASSIGNED_BY_IDS: "2,3" };
const untold = ["SEMANTICS", "ACTIVE", "ADMIN", "isRequired", "isReadOnly", "isMultiple", "isExisting"];

async function statesOf(respelt: (key: string, value: unknown) => unknown, portal: FirstOptions = {}) {
  const reviver = (key: string, value: unknown) => respelt(key, value);
  const crm = await startCrm({
    env: settings,
    portal: { limits: { bucket: 0 }, ...portal },
    gateway: garbled((_command, result) => JSON.parse(JSON.stringify(result), reviver) as unknown),
  });
  const checks = await checkConnection(crm.services);
  return { states: Object.fromEntries(checks.map(({ id, state }) => [id, state])), ready: isReady(checks) };
}

test("a portal that leaves out optional values of stages, users and fields passes the check", async () => {
  const { states, ready } = await statesOf((key, value) =>
    // Of the two columns of a stage's semantic one is filled.
    untold.includes(key) && value !== "failure" && value !== "apology" ? undefined : value,
  );
  expect(ready).toBe(true);
  expect(states).toMatchObject({ credentials: "ok", stage: "ok", paidStage: "ok", responsible: "ok", demands: "ok" });
});

test("a portal that writes yes and no as 1 and 0 is understood", async () => {
  const digits = new Map<unknown, string>([
    [true, "1"],
    [false, "0"],
    ["Y", "1"],
    ["N", "0"],
  ]);
  const respelt = (_key: string, value: unknown) => digits.get(value) ?? value;
  const { states, ready } = await statesOf(respelt);
  expect(ready).toBe(true);
  expect(states).toMatchObject({ writing: "ok", responsible: "ok", product: "ok", demands: "ok" });
  const lacking = await statesOf(respelt, {
    products: [{ id: 1777, name: "Course", price: 49, currency: "USD", active: false }],
    users: newPortal().users.map((user) => ({ ...user, active: user.id !== 3 })),
    required: { deal: ["additionalInfo"] },
  });
  expect(lacking.states).toMatchObject({ responsible: "warn", product: "warn" });
  expect(lacking.states.demands).not.toBe("ok");
});

test("a deal's products are asked for in the order in which registrations ask for them", async () => {
  const orders: unknown[] = [];
  const crm = await startCrm({
    env: settings,
    gateway: garbled(({ method, params }) => {
      if (method === "crm.item.productrow.list") orders.push(params.order);
      return undefined;
    }),
  });
  await checkConnection(crm.services);
  expect(orders).toEqual([{ id: "asc" }]);
});
