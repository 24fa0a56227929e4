import { expect, test } from "vitest";
import type { FaultRule } from "../../e2e/portal/faults";
import { readPortalState } from "../queue/circuit-breaker";
import { type CrmHarness, startCrm } from "../test/crm";
import { checkConnection } from "./check-connection";
import { followCheck } from "./follow-check";

const contactLists: Omit<FaultRule, "kind"> = {
  method: "crm.item.list",
  match: ({ params }) => Number(params.entityTypeId) === 3,
};
const broken: FaultRule = { ...contactLists, kind: "command", code: "INTERNAL_SERVER_ERROR" };

async function look({ services }: CrmHarness) {
  const checks = await checkConnection(services);
  await followCheck(services, checks);
  return checks;
}

const passing: [name: string, id: "contacts" | "product", rule: FaultRule][] = [
  ["contacts, after too many requests", "contacts", { ...contactLists, kind: "limit" }],
  ["contacts, because it breaks down", "contacts", broken],
  ["the product, after too many requests", "product", { kind: "limit", method: "catalog.product.get" }],
];

test.each(passing)("a portal that for a while does not return %s, pauses nothing", async (_name, id, rule) => {
  const crm = await startCrm();
  crm.portal.fail(rule);
  const checks = await look(crm);
  expect(checks.find((each) => each.id === id)).toMatchObject({ state: "fail" });
  expect((await readPortalState(crm.services)).pausedBy).toBeNull();
});

test("a portal that does not return its contacts for a while does not end the pause for them", async () => {
  const crm = await startCrm({ portal: { switches: { universalCommunications: "unknown" } } });
  crm.portal.staff.addContact({ name: "Клиент" }, { phones: ["+79997770011"] });
  const pauseAfterLook = async () => {
    await look(crm);
    return (await readPortalState(crm.services)).pauseCode;
  };
  expect(await pauseAfterLook()).toBe("UNFIT_CONTACTS");
  const remove = crm.portal.fail(broken);
  expect(await pauseAfterLook()).toBe("UNFIT_CONTACTS");
  remove();
  crm.portal.configure({ switches: { universalCommunications: "known" } });
  expect(await pauseAfterLook()).toBeNull();
});
