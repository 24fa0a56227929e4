import { expect, onTestFinished, test } from "vitest";
import { startPortal } from "../../../e2e/portal/server";
import { createLog } from "../../platform/log";
import { startGateway } from "../../test/gateway";
import { readEach } from "../deals";
import { dealType } from "../fields";
import type { PortalCommand } from "./batch";
import { BatchRunner } from "./batch-runner";
import { BatchSize } from "./batch-size";
import { Bitrix24Client } from "./client";
import { Bitrix24Error } from "./error";
import { withoutRateLimit } from "./rate-limit";

/** A portal that refuses requests with these methods alone, with this status, and what was asked of it. */
async function start(refused: string[], status: number) {
  const server = await startPortal({ limits: { bucket: 0 } });
  const asked: string[] = [];
  const gateway = await startGateway(server.webhookUrl, {
    request: (method) => {
      asked.push(method);
      const body = JSON.stringify({ error: "ACCESS_DENIED", error_description: "Access denied." });
      return refused.includes(method) ? new Response(body, { status }) : undefined;
    },
  });
  onTestFinished(async () => {
    await gateway.close();
    await server.close();
  });
  const client = new Bitrix24Client({
    webhookUrl: gateway.webhookUrl,
    timeoutMs: 20_000,
    rateLimiter: withoutRateLimit,
    log: createLog("silent"),
  });
  const deals = [1, 2].map((number) => server.portal.staff.addDeal({ title: `Сделка ${number}` }).id);
  const batchRunner = new BatchRunner(client, withoutRateLimit, new BatchSize(20_000));
  return { batchRunner, deals, asked, portal: server.portal };
}

const move = (id: number): PortalCommand => ({
  kind: "deal.update",
  method: "crm.item.update",
  params: { entityTypeId: dealType, id, fields: { stageId: "WON" } },
  isolated: true,
});

test.each([400, 403])("a single record that the portal refuses with %i is closed, and so not gone", async (status) => {
  const { batchRunner, deals } = await start(["crm.item.get"], status);
  const [deal] = deals as [number];
  expect((await readEach(batchRunner, dealType, [deal])).get(deal)).toBeInstanceOf(Bitrix24Error);
});

test("a portal whose plan has ended, as an older one tells it, says nothing of a single record", async () => {
  const { batchRunner, deals, asked } = await start(["crm.item.get", "profile", "batch"], 403);
  const [deal] = deals as [number];
  await expect(readEach(batchRunner, dealType, [deal])).rejects.toMatchObject({ kind: "blocked", refusesItem: false });
  expect(asked).toEqual(["crm.item.get", "profile"]);
});

test("a plan that ended under today's status is asked about no further", async () => {
  const { batchRunner, deals, asked } = await start(["crm.item.get"], 401);
  await expect(readEach(batchRunner, dealType, deals.slice(0, 1))).rejects.toMatchObject({ refusesItem: false });
  expect(asked).toEqual(["crm.item.get"]);
});

test.each([400, 403])("a record that refuses its update with %i keeps no later one from being sent", async (status) => {
  const { batchRunner, deals, asked, portal } = await start(["crm.item.update"], status);
  const outcomes = await batchRunner.send([...deals.map(move), { ...move(deals[0] as number), isolated: false }]);
  expect(outcomes.map((outcome) => !outcome.ok && outcome.error.refusesItem)).toEqual([true, true, true]);
  expect(asked.filter((method) => method === "crm.item.update")).toHaveLength(3);
  expect(deals.map((id) => portal.deals.get(id)?.stageId)).toEqual(["NEW", "NEW"]);
});

test.each([401, 403])(
  "an ended plan, told with %i, closes none of the records that were not asked about",
  async (status) => {
    const { batchRunner, deals, asked } = await start(["crm.item.update", "profile"], status);
    const outcomes = await batchRunner.send(deals.map(move));
    expect(outcomes).toMatchObject(deals.map(() => ({ ok: false, error: { kind: "blocked", refusesItem: false } })));
    expect(asked.filter((method) => method === "crm.item.update")).toHaveLength(1);
  },
);
