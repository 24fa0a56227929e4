import { formatDateTime } from "../e2e/portal/protocol/dates";
import { type PortalServer, startPortal } from "../e2e/portal/server";
import { systemActor } from "../server/audit/actor";
import { RateLimiter } from "../server/bitrix24/transport/rate-limit";
import { openConsents } from "../server/consents/consents";
import { reconcileStep } from "../server/deal-sync/reconcile";
import { requestReconcile } from "../server/deal-sync/reconcile-runs";
import { openForms } from "../server/forms/forms";
import { parseEnv } from "../server/platform/env";
import { createLog } from "../server/platform/log";
import type { Services } from "../server/services";
import { openSettings } from "../server/settings/settings";
import { createBitrix24 } from "../server/start";
import type { Bench, BenchDatabase } from "./bench";
import type { BenchLine } from "./line";

const deals = 100_000;
const moved = 1_000;
/** How much faster than ours the portal's clock runs, and our pace with it: its limits hold at that speed. */
const clockSpeed = 100;
const requestsPerSecond = 2;
/** The worker rests so long after each step, to leave half of the pace to people who register. */
const restSeconds = 2 / requestsPerSecond;

/** A reconciliation of many unchanged deals, and one that finds changes of which no event told. */
export async function benchReconcile(bench: Bench): Promise<BenchLine[]> {
  const database = await bench.createDatabase();
  const server = await startPortal({ limits: { bucket: 50, perSecond: requestsPerSecond }, clockSpeed });
  try {
    const services = await makeServices(database, server);
    const { own } = await services.bitrix24.marks();
    const ids = fillPortal(server, own);
    await fillDatabase(database, server, ids);
    const quiet = await reconcile(services, server);
    const lookedAt = quiet.compared / quiet.requests;
    const paged = await dealsPerPage(services, server);

    const changed = ids.filter((_, index) => index % (deals / moved) === 0);
    for (const { dealId } of changed) server.portal.staff.moveDeal(dealId, "WON");
    const writes = () => server.portal.executed.get("crm.item.update") ?? 0;
    const busy = await reconcile(services, server);
    const paid = await database.db.user.count({ where: { isPaid: true } });
    return [
      {
        name: "100,000 unchanged deals compared: deals for each request",
        value:
          `${lookedAt.toLocaleString("en", { maximumFractionDigits: 0 })} (${quiet.requests} requests, ` +
          `${server.portal.refused} refused; ${quiet.steps * restSeconds} s at 2 requests/s, computed; ` +
          `${quiet.seconds.toFixed(0)} s measured without that pace)`,
        must: "≥ 2,000 at 2 requests/s, 0 refused",
        ok: quiet.compared === deals && quiet.changed === 0 && lookedAt >= 2_000 && server.portal.refused === 0,
        usual: `${paged} (page by page)`,
      },
      {
        name: "the same with 1,000 deals won there and no event: paid here",
        value: `${paid} (${busy.requests} requests, ${writes()} writes to the portal)`,
        must: "1,000, 0 writes",
        ok: paid === moved && writes() === 0,
      },
    ];
  } finally {
    await server.close();
    await database.drop();
  }
}

interface Ids {
  contactId: number;
  dealId: number;
}

/** People of ours, and deals of others between them, as on a portal that is in use. */
function fillPortal({ portal: { staff } }: PortalServer, originatorId: string): Ids[] {
  return Array.from({ length: deals }, (_, index) => {
    const mark = { originatorId, originId: `user-${index + 1}` };
    const { id: contactId } = staff.addContact({ name: `Имя${index}`, ...mark });
    if (index % 3 === 0) staff.addDeal({ title: "Звонок" });
    const { id: dealId } = staff.addDeal({ title: "Заявка", currencyId: "USD", contactId, ...mark });
    return { contactId, dealId };
  });
}

/** The rows as an earlier reconciliation leaves them: every registration synced, compared and in sync. */
async function fillDatabase({ pool, db }: BenchDatabase, { portal }: PortalServer, ids: Ids[]): Promise<void> {
  const { utcOffsetMinutes } = portal.settings;
  const seen = ids.map(({ dealId }) => formatDateTime(portal.deals.get(dealId)?.updatedTime ?? 0, utcOffsetMinutes));
  await pool.query(
    `with person as (
       insert into "User" ("id", "email", "firstName", "phone", "crmState", "crmSyncedAt", "bitrix24ContactId", "bitrix24DealId")
       select n, 'person' || n || '@example.com', 'Имя' || n, '+7999' || (1000000 + n), 'SYNCED', now(), contact, deal
       from unnest($1::int[], $2::int[]) with ordinality as known (contact, deal, n)
     )
     insert into "DealSnapshot" ("userId", "stageId", "agreedPaid", "agreedStageId", "openStageId", "updatedTime")
     select n, 'NEW', false, 'WON', 'NEW', seen from unnest($3::text[]) with ordinality as snapshot (seen, n)`,
    [ids.map(({ contactId }) => contactId), ids.map(({ dealId }) => dealId), seen],
  );
  await db.reconcileRun.create({
    data: { finishedAt: new Date(), cursor: { phase: "contacts", after: ids.at(-1)?.contactId ?? 0 } },
  });
  await pool.query(`analyze "User", "DealSnapshot"`);
}

async function makeServices({ pool, db, queue }: BenchDatabase, { webhookUrl }: PortalServer): Promise<Services> {
  const log = createLog("error");
  const given = parseEnv({ BITRIX24_WEBHOOK_URL: webhookUrl, BITRIX24_PAID_STAGE_ID: "WON" });
  const settings = await openSettings({ db, log, env: given }, { follow: false });
  const { env } = settings;
  const rateLimiter = new RateLimiter({
    pool,
    log,
    requestsPerSecond: requestsPerSecond * clockSpeed,
    burst: env.BITRIX24_BURST,
  });
  const mail = { send: async () => true };
  const forms = await openForms({ db, log }, { follow: false });
  return {
    env,
    settings,
    forms,
    consents: await openConsents({ db, log }, { follow: false }),
    log,
    pool,
    db,
    queue,
    mail,
    bitrix24: createBitrix24({ env, db, log, forms }, rateLimiter),
  };
}

interface Run {
  compared: number;
  changed: number;
  requests: number;
  steps: number;
  seconds: number;
}

async function reconcile(services: Services, { portal }: PortalServer): Promise<Run> {
  await requestReconcile(services, { actor: systemActor });
  const before = portal.requests;
  const started = performance.now();
  let steps = 0;
  while (await reconcileStep(services)) steps++;
  const { counts } = await services.db.reconcileRun.findFirstOrThrow({ orderBy: { id: "desc" } });
  return {
    ...(counts as { compared: number; changed: number }),
    requests: portal.requests - before,
    steps,
    seconds: (performance.now() - started) / 1000,
  };
}

/** The usual way: the list of our deals, one page after the other. */
async function dealsPerPage({ bitrix24 }: Services, { portal }: PortalServer): Promise<number> {
  const { own } = await bitrix24.marks();
  const before = portal.requests;
  let seen = 0;
  let next: number | undefined = 0;
  while (next !== undefined && seen < 1_000) {
    const answer = await bitrix24.client.call("crm.item.list", {
      entityTypeId: 2,
      filter: { "=originatorId": own },
      start: next,
    });
    seen += (answer.result as { items: unknown[] }).items.length;
    next = answer.next;
  }
  return seen / (portal.requests - before);
}
