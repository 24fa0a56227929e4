import { afterEach, beforeEach, expect, test } from "vitest";
import { addInstallation } from "../../e2e/portal/installations";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { checkConnection, isReady } from "./check-connection";

let crm: CrmHarness;
beforeEach(async () => {
  crm = await createCrmHarness();
});
afterEach(() => crm.close());

async function checked() {
  const checks = await checkConnection(crm.services);
  return { ready: isReady(checks), marks: checks.find(({ id }) => id === "marks") };
}

async function arrive(): Promise<number> {
  const id = await crm.register();
  crm.newWorker().start();
  await expect.poll(() => crm.services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(1);
  return id;
}

test("records of this installation's own are no news", async () => {
  await arrive();
  expect(await checked()).toEqual({ ready: true, marks: { id: "marks", state: "ok", facts: {} } });
});

test("another installation on the portal under the same first part of the mark is red, with its mark", async () => {
  addInstallation(crm.portal, { count: 1, originatorId: "registration-abcdefghjkm2" });
  expect(await checked()).toEqual({
    ready: false,
    marks: { id: "marks", state: "fail", facts: { elsewhere: 2, mark: "registration-abcdefghjkm2" } },
  });
});

test("people whom the database has lost are red", async () => {
  await crm.services.db.user.delete({ where: { id: await arrive() } });
  expect(await checked()).toMatchObject({ ready: false, marks: { state: "fail", facts: { lost: 2 } } });
});

test("a portal that does not tell is a warning", async () => {
  await crm.services.bitrix24.marks();
  crm.portal.fail({ kind: "command", method: "crm.item.list", match: "%originatorId", code: "ODD" });
  expect(await checked()).toMatchObject({ ready: true, marks: { state: "warn", facts: { code: "ODD" } } });
});
