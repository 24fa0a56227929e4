import { join } from "node:path";
import type { ActionFunctionArgs, ServerBuild } from "@remix-run/node";
import { expect } from "vitest";
import { createApp } from "../app";
import { setPaid } from "../payments/payments";
import { resendMany } from "../queue/resend";
import { registerUser } from "../registration/registration";
import type { CrmHarness } from "./crm";
import { makeAdmin } from "./factories";
import { serve } from "./serve";

/** The site's real way from a request to the portal; of Remix only what carries out the request. */
export async function startSite(
  crm: CrmHarness,
): Promise<{ send(action: string, requestId?: string): Promise<string> }> {
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
          phone: `+7999123450${count}`,
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
  const address = await serve(app);
  return {
    async send(body, requestId) {
      const answer = await fetch(`${address}/act?email=visitor@example.com`, {
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
