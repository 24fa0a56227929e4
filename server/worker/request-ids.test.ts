import { expect, test } from "vitest";
import { closeBreaker, openBreaker } from "../queue/circuit-breaker";
import { type CrmHarness, startCrm } from "../test/crm";
import { startSite } from "../test/site";

const through = (crm: CrmHarness) =>
  expect.poll(() => crm.services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);
/** The lines that bear an id, each with what it tells. */
const linesOf = (crm: CrmHarness, id: string) =>
  crm.lines.filter((line) => line.requestId === id).map((line) => String(line.method ?? line.msg));
const idsOf = async (crm: CrmHarness) => (await crm.services.db.crmLog.findMany()).map(({ requestId }) => requestId);

test("the id of the request that registered a person stands in every line about the person, up to the portal", async () => {
  const crm = await startCrm();
  const site = await startSite(crm);
  const first = await site.send("register", "browser-request-1");
  const second = await site.send("register");
  expect(first).toBe("browser-request-1");
  // One request of the portal fails, so that the job is taken up again.
  crm.portal.fail({ kind: "502", times: 1 });
  crm.newWorker().start();
  await through(crm);

  for (const id of [first, second]) {
    expect(linesOf(crm, id)).toEqual(expect.arrayContaining(["asked to register", "crm.item.add"]));
    expect(crm.lines).toContainEqual(expect.objectContaining({ req: expect.objectContaining({ id }) }));
  }
  const about = crm.lines.filter((line) => typeof line.userId === "number");
  expect(about.length).toBeGreaterThan(4);
  expect(new Set(about.map(({ requestId }) => requestId))).toEqual(new Set([first, second]));
  expect(new Set(await idsOf(crm))).toEqual(new Set([first, second]));
  expect(JSON.stringify(crm.lines)).not.toMatch(/visitor\d@|\+7999|Vera/);
});

test("a change of payment and a resend bear the id of their own request, also where a job was waiting already", async () => {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const site = await startSite(crm);
  await openBreaker(crm.services, { code: "INVALID_CREDENTIALS" });
  await site.send("register", "of-the-form");
  const { id } = await crm.services.db.user.findFirstOrThrow({ where: { email: "visitor1@example.com" } });
  await site.send(`resend ${id}`, "of-the-resend");
  await closeBreaker(crm.services);
  crm.newWorker().start();
  await through(crm);
  expect(new Set(await idsOf(crm))).toEqual(new Set(["of-the-resend"]));

  await site.send(`pay ${id}`, "of-the-payment");
  await expect.poll(() => idsOf(crm)).toContain("of-the-payment");
  await expect
    .poll(() => linesOf(crm, "of-the-payment"))
    .toEqual(
      expect.arrayContaining(["asked to pay", "crm.item.update", "the deal's timeline was told of the payment"]),
    );
});

test("a job that a killed worker had taken keeps the id of its request", async () => {
  const crm = await startCrm();
  const site = await startSite(crm);
  await site.send("register", "before-the-kill");
  await crm.services.queue.fetch("crm-registration", 10);
  crm.newWorker().start();
  await through(crm);
  expect(new Set(await idsOf(crm))).toEqual(new Set(["before-the-kill"]));
});

test("a job without a request, such as one of the sweep, has no id", async () => {
  const crm = await startCrm();
  await crm.register();
  crm.newWorker().start();
  await through(crm);
  expect(new Set(await idsOf(crm))).toEqual(new Set([null]));
  expect(crm.lines.filter((line) => "requestId" in line)).toEqual([]);
});
