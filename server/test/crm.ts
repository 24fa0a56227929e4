import { expect, onTestFinished } from "vitest";
import { type PortalServer, startPortal } from "../../e2e/portal/server";
import type { FirstOptions } from "../../e2e/portal/settings";
import { RateLimiter } from "../bitrix24/transport/rate-limit";
import { openConsents } from "../consents/consents";
import { openForms } from "../forms/forms";
import { type Env, parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createQueue } from "../queue/queue";
import type { Services } from "../services";
import { openSettings } from "../settings/settings";
import { createBitrix24, createWorker } from "../start";
import type { Worker } from "../worker/worker";
import { createTestDatabase, type TestDatabase } from "./database";
import { type GatewayHooks, startGateway } from "./gateway";

export interface CrmHarness extends PortalServer {
  database: TestDatabase;
  services: Services;
  /** Mails that would have gone out. */
  mails: { to: string; subject: string; text: string }[];
  /** Log lines, parsed. */
  lines: Record<string, unknown>[];
  /** Registers a person without the form, as a registration leaves the rows. */
  register(overrides?: Partial<Registered>): Promise<number>;
  /** The same for many at once, in a few statements; answers their ids in the order of registration. */
  registerMany(people: number, utm?: Registered["utm"]): Promise<number[]>;
  /** The mark of a person's records, as this installation writes it. */
  mark(userId: number | undefined): Promise<{ originatorId: string; originId: string }>;
  newWorker(): Worker;
  close(): Promise<void>;
}

export interface Registered {
  email: string;
  phone: string;
  firstName: string;
  lastName: string | null;
  utm: Record<string, string>;
  formId: number | null;
  createdAt: Date;
}

const fast: Record<string, string> = {
  NODE_ENV: "test",
  BITRIX24_REQUESTS_PER_SECOND: "1000",
  BITRIX24_BURST: "1000",
  // Only what a test breaks is lost, also on a machine that stands still for some seconds. See shortTimeout.
  BITRIX24_TIMEOUT_MS: "30000",
  BITRIX24_SETTLE_MS: "600",
  BITRIX24_RETRY_BASE_MS: "20",
  BITRIX24_RETRY_MAX_MS: "200",
  ALERT_EMAIL: "alerts@example.com",
  ALERT_DIGEST_MINUTES: "0",
};

/** For tests in which the portal does not answer, or whose worker ends in the midst of a request. */
export const shortTimeout = { BITRIX24_TIMEOUT_MS: "400" };

/**
 * For a request that takes effect late: after it was given up, and long before the wait for it ends, so that a machine that
 * stands still for a second does not carry it past that wait.
 */
export const lateEffect = { env: { ...shortTimeout, BITRIX24_SETTLE_MS: "3000" }, afterMs: 1_500 };

export interface CrmOptions {
  env?: Record<string, string>;
  portal?: FirstOptions;
  /** A portal that is there already, for several installations over one; the caller that started it closes it. */
  server?: PortalServer;
  /** A database of an earlier harness, as for the same installation with other settings. */
  database?: TestDatabase;
  gateway?: GatewayHooks;
}

/** A harness for the running test alone: it is closed when the test has finished. */
export async function startCrm(options?: CrmOptions): Promise<CrmHarness> {
  const harness = await createCrmHarness(options);
  onTestFinished(() => harness.close());
  return harness;
}

/** A database, a stand-in portal and the services over both; nothing is mocked, only the waits are short. */
export async function createCrmHarness(options: CrmOptions = {}): Promise<CrmHarness> {
  const server = options.server ?? (await startPortal({ limits: { bucket: 0 }, ...options.portal }));
  const gateway = options.gateway && (await startGateway(server.webhookUrl, options.gateway));
  const database = options.database ?? (await createTestDatabase());
  const given: Env = parseEnv({
    ...fast,
    BITRIX24_WEBHOOK_URL: gateway?.webhookUrl ?? server.webhookUrl,
    ...options.env,
  });
  const lines: CrmHarness["lines"] = [];
  const log = createLog("info", { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  const { pool, db } = database;
  const mails: CrmHarness["mails"] = [];
  const mail = {
    send: async (message: (typeof mails)[number]) => mails.push(message) > 0,
  };
  const queue = await createQueue({ pool, log, supervise: false });
  const newRateLimiter = () =>
    new RateLimiter({ pool, log, requestsPerSecond: given.BITRIX24_REQUESTS_PER_SECOND, burst: given.BITRIX24_BURST });
  const settings = await openSettings({ db, env: given, log }, { follow: false });
  const { env } = settings;
  const forms = await openForms({ db, log }, { follow: false });
  const services: Services = {
    env,
    settings,
    consents: await openConsents({ db, log }, { follow: false }),
    forms,
    log,
    pool,
    db,
    queue,
    mail,
    bitrix24: createBitrix24({ env, db, log, forms }, newRateLimiter()),
  };
  const workers: Worker[] = [];

  let count = await db.user.count();
  return {
    ...server,
    database,
    services,
    mails,
    lines,
    mark: async (userId) => ({
      originatorId: (await services.bitrix24.marks()).own,
      originId: `user-${userId}`,
    }),
    newWorker() {
      const worker = createWorker(services, database.url, newRateLimiter());
      workers.push(worker);
      return worker;
    },
    register(overrides = {}) {
      const number = ++count;
      const { utm = {}, ...person } = overrides;
      return db.$transaction(async (tx) => {
        const user = await tx.user.create({
          data: {
            email: `person${number}@example.com`,
            phone: `+7999${String(1_000_000 + number)}`,
            firstName: `Имя${number}`,
            lastName: `Фамилия${number}`,
            ...person,
            attribution: { create: { first: utm, last: utm } },
          },
          select: { id: true },
        });
        await queue.enqueue(tx, "crm-registration", user.id);
        return user.id;
      });
    },
    registerMany(people, utm = {}) {
      const from = count + 1;
      count += people;
      return registerCrowd(services, { from, to: count, utm });
    },
    async close() {
      for (const worker of workers) await worker.stop();
      await queue.stop();
      if (!options.database) await database.drop();
      await gateway?.close();
      if (!options.server) await server.close();
    },
  };
}

/**
 * Moments and jobs are in the order of registration, as those of people who came one after the other a moment ago: after
 * all who were there before, and where time allows before all who come later.
 */
function registerCrowd(
  { db, queue }: Pick<Services, "db" | "queue">,
  { from, to, utm }: { from: number; to: number; utm: Registered["utm"] },
): Promise<number[]> {
  return db.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ id: number }[]>`
      with made as (
        insert into "User" (email, phone, "firstName", "lastName", "createdAt")
        select 'person' || n || '@example.com', '+7999' || (1000000 + n), 'Имя' || n, 'Фамилия' || n,
          start + (n - ${from} + 1) * interval '1 millisecond'
        from generate_series(${from}::int, ${to}::int) as n,
          (select greatest(max("createdAt"), now() - ${to - from + 1} * interval '1 millisecond') as start from "User") as before
        order by n returning id
      ), visits as (
        insert into "Attribution" ("userId", first, last) select id, ${utm}::jsonb, ${utm}::jsonb from made
      )
      select id from made order by id`;
    const ids = rows.map(({ id }) => id);
    const keys = ids.map(String);
    await queue.enqueueMany(tx, "crm-registration", ids);
    await tx.$executeRaw`
      update ${queue.jobs} set created_on = start + (singleton_key::int - ${ids[0]}::int + 1) * interval '1 millisecond'
      from (
        select greatest(max(created_on), now() - ${ids.length} * interval '1 millisecond') as start from ${queue.jobs}
        where not singleton_key = any(${keys})
      ) as before
      where name = 'crm-registration' and state = 'created' and singleton_key = any(${keys})`;
    return ids;
  });
}

/** Waits until no job waits and none is under way. */
export const noJobsLeft = (db: Services["db"]): Promise<void> =>
  expect.poll(() => db.$queryRaw`select 1 from pgboss.job where state < 'completed'`).toEqual([]);

/** One worker sends all that waits and does what follows from it; none runs when it is done. */
export async function syncAll({
  services: { db },
  newWorker,
}: Pick<CrmHarness, "services" | "newWorker">): Promise<void> {
  const worker = newWorker();
  worker.start();
  await expect.poll(() => db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);
  await noJobsLeft(db);
  await worker.stop();
}

/** Waits until the worker has completed a turn that began after this moment: each heartbeat stands at a turn's beginning. */
export async function aWholeTurn({ services: { db } }: Pick<CrmHarness, "services">): Promise<void> {
  const seenAt = async () => (await db.crmPortal.findUniqueOrThrow({ where: { id: 1 } })).workerSeenAt?.getTime() ?? 0;
  for (let beats = 0; beats < 2; beats++) {
    const before = await seenAt();
    await expect.poll(seenAt).toBeGreaterThan(before);
  }
}

/** What must hold once everything has arrived: one contact, one deal and one row for each, and the ids on the rows. */
export async function findFaults({ portal, services }: Pick<CrmHarness, "portal" | "services">): Promise<string[]> {
  const users = await services.db.user.findMany({ orderBy: { id: "asc" } });
  const faults: string[] = [];
  for (const user of users) {
    const origin = `user-${user.id}`;
    const deals = [...portal.deals.values()].filter((deal) => deal.originId === origin);
    const contacts = [...portal.contacts.values()].filter((contact) => contact.originId === origin);
    if (user.crmState !== "SYNCED") faults.push(`${origin} is ${user.crmState}`);
    if (contacts.length !== 1) faults.push(`${origin} has ${contacts.length} contacts`);
    if (deals.length !== 1) faults.push(`${origin} has ${deals.length} deals`);
    if (deals[0] && deals[0].id !== user.bitrix24DealId) faults.push(`${origin} has another deal's id`);
    if (contacts[0] && contacts[0].id !== user.bitrix24ContactId) faults.push(`${origin} has another contact's id`);
    const rows = deals.flatMap((deal) => [...(portal.rows.get(deal.id) ?? [])]);
    if (rows.length !== 1 || rows[0]?.productId !== 1777) faults.push(`${origin} has ${rows.length} rows`);
  }
  return faults;
}
