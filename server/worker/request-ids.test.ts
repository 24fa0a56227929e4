import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ActionFunctionArgs, ServerBuild } from "@remix-run/node";
import { expect, onTestFinished, test } from "vitest";
import { createApp } from "../app";
import { setPaid } from "../payments/payments";
import { closeBreaker, openBreaker } from "../queue/circuit-breaker";
import { resendMany } from "../queue/resend";
import { registerUser } from "../registration/registration";
import { type CrmHarness, startCrm } from "../test/crm";
import { makeAdmin } from "../test/factories";

/** The site's real way from a request to the portal; of Remix only what carries out the request. */
async function startSite(crm: CrmHarness): Promise<{ send(action: string, requestId?: string): Promise<string> }> {
  const actor = await makeAdmin(crm.services.db);
  await crm.services.db.user.update({ where: { id: actor.id }, data: { crmState: "SYNCED" } });
  let count = 0;
  const acts: Record<string, (userId: number) => Promise<unknown>> = {
    register: () =>
      registerUser(crm.services, {
        input: {
          email: `visitor${++count}@example.com`,
          firstName: "Vera",
          lastName: undefined,
          company: undefined,
          phone: "+79991234567",
          consent: "on" as const,
        },
        utm: { first: null, last: null },
        locale: "en",
      }),
    pay: (userId) => setPaid(crm.services, { actor, userId, isPaid: true, origin: "page" }),
    resend: (userId) => resendMany(crm.services, { actor, userIds: [userId] }),
  };
  const action = async ({ request, context }: ActionFunctionArgs) => {
    const [name = "", userId] = (await request.text()).split(" ");
    context.services.log.info("asked to %s", name);
    return Response.json(await acts[name]?.(Number(userId)));
  };
  const build = {
    routes: {
      root: { id: "root", path: "", module: { default: () => null } },
      act: { id: "act", path: "act", parentId: "root", module: { action } },
    },
    entry: { module: { default: () => new Response("page"), handleError: console.error } },
    assets: { routes: {}, entry: {}, url: "", version: "" },
    future: { v3_singleFetch: true },
    publicPath: "/",
    assetsBuildDirectory: "",
  } as unknown as ServerBuild;
  const app = createApp({
    build,
    services: crm.services,
    production: true,
    assets: join(import.meta.dirname, "../../public"),
    isReady: async () => true,
    metrics: (_req, res) => void res.end(),
  });
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    async send(body, requestId) {
      const answer = await fetch(`http://127.0.0.1:${port}/act`, {
        method: "POST",
        body,
        headers: { origin: crm.services.env.APP_URL, ...(requestId ? { "x-request-id": requestId } : {}) },
      });
      expect(answer.status).toBe(200);
      await answer.text();
      return answer.headers.get("x-request-id") ?? "";
    },
  };
}

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
