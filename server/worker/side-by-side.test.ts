import { expect, inject, onTestFinished, test } from "vitest";
import { startPortal } from "../../e2e/portal/server";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { startServices } from "../start";
import { makeUser } from "../test/factories";
import { createEmptyDatabase } from "../test/template";
import { sweepPending } from "./maintenance";

test("installations in schemas of one database each bring their own people to the portal, once", async () => {
  const database = await createEmptyDatabase(inject("template"));
  onTestFinished(() => database.drop());
  const portal = await startPortal({ limits: { bucket: 0 } });
  onTestFinished(() => portal.close());
  const log = createLog("silent");
  const installations = await Promise.all(
    ["", "?schema=crm", "?schema=My%20Shop"].map(async (query) => {
      const env = parseEnv({
        NODE_ENV: "test",
        DATABASE_URL: `${database.url}${query}`,
        BITRIX24_WEBHOOK_URL: portal.webhookUrl,
        BITRIX24_REQUESTS_PER_SECOND: "1000",
        BITRIX24_BURST: "1000",
        ADMIN_EMAIL: "admin@example.com",
        ADMIN_PASSWORD: "seven-rivers-and-1-hill",
      });
      const started = await startServices(env, log);
      onTestFinished(() => started.stop());
      started.worker?.start();
      return started.services;
    }),
  );
  for (const [index, { db, queue }] of installations.entries()) {
    const { id } = await makeUser(db, { phone: `+7916555000${index}` });
    await db.$transaction((tx) => queue.enqueue(tx, "crm-registration", id));
    // A registration whose job was lost: the sweep must enqueue it in this installation's queue.
    await makeUser(db, { createdAt: new Date(0), phone: `+7917555000${index}` });
    await sweepPending({ db, queue });
  }
  for (const { db } of installations)
    await expect.poll(() => db.user.count({ where: { crmState: "SYNCED", role: "USER" } })).toBe(2);
  expect(portal.portal.deals.size).toBe(6);
});
