import { setTimeout as sleep } from "node:timers/promises";
import { ensureFirstAdmin } from "./auth/first-admin";
import { Bitrix24 } from "./bitrix24/bitrix24";
import { crmSettingsOf } from "./bitrix24/crm-settings";
import type { ProductNews } from "./bitrix24/kept-product";
import { type PortalWatch, unwatched } from "./bitrix24/portal-watch";
import { Bitrix24Client } from "./bitrix24/transport/client";
import { type RateLimit, RateLimiter } from "./bitrix24/transport/rate-limit";
import { watchConnection } from "./connection-check/kept-check";
import { watchProducts } from "./connection-check/watch-products";
import { openConsents } from "./consents/consents";
import { settingsGroups } from "./crm/settings-groups";
import { createDb, createWatchedPool } from "./database/db";
import { startLocalPostgres } from "./database/embedded/local-postgres";
import { migrate } from "./database/migrate";
import { assertPoolerFits } from "./database/pooler";
import { isDatabaseAway } from "./database/unavailable";
import { openForms } from "./forms/forms";
import { isOutdated, noteProduct } from "./forms/products";
import { readMarks } from "./identity/marks";
import { PortalGuard } from "./identity/portal-guard";
import { watchAlerts } from "./notices/alert-sender";
import { followNoticeKinds } from "./notices/notice-kinds";
import { watchNotices } from "./notices/notice-sender";
import type { Env } from "./platform/env";
import type { Logger } from "./platform/log";
import { canMail, createMail } from "./platform/mail";
import { noteEnvironmentMap } from "./privacy/environment-map";
import { createQueue } from "./queue/queue";
import { watchLongWait } from "./queue/wait-alert";
import type { Services } from "./services";
import { openSettings } from "./settings/settings";
import { countByZone } from "./statistics/statistic-zone";
import { watchWebhooks } from "./webhooks/sender";
import { LeaderLock } from "./worker/leader-lock";
import { Worker } from "./worker/worker";

/** Where the stand-in would listen; only ever used outside production, where the environment demands a portal. */
const noPortal = "http://127.0.0.1:9/rest/1/unset/";

export interface Started {
  services: Services;
  worker: Worker | undefined;
  /** Ends the worker gracefully, then the queue, the pools and the database this process started. May be repeated. */
  stop(): Promise<void>;
}

type Close = () => Promise<unknown>;

interface Manner {
  isSite?: boolean;
  /** Called if migrations, a backup or a restore by another process have to end first; logged if it is left out. */
  onWait?: (() => void) | undefined;
}

/** A database that was reached and is away a moment later is asked again so often before the start fails. */
const attempts = 5;
const betweenAttemptsMs = 1_000;

/**
 * Opens everything a process needs. If that fails on the way, what was open by then is closed before it throws. Where
 * the database answered the migrations and is away afterwards (it restarts, or its machine is busy), the start begins
 * again, since each of its steps may be repeated.
 */
export async function startServices(env: Env, log: Logger, { isSite = true, onWait }: Manner = {}): Promise<Started> {
  for (let attempt = 1; ; attempt++) {
    const progress: Progress = { closes: [], reached: false };
    let stopped: Promise<void> | undefined;
    const stop = () => (stopped ??= closeAll(progress.closes));
    try {
      return { ...(await open(env, log, { isSite, onWait, progress })), stop };
    } catch (error) {
      await stop().catch((err: unknown) => log.error({ err }, "cleanup after a failed start failed"));
      if (!progress.reached || !isDatabaseAway(error) || attempt === attempts) throw error;
      log.warn({ err: error, attempt }, "the database went away during the start, retrying");
      await sleep(betweenAttemptsMs);
    }
  }
}

/**
 * The services of a command that runs beside the site. Its environment may differ, so it starts nothing of the site's
 * own: time zone, mails, alerts, first administrator.
 */
export const startForCommand = (env: Env, log: Logger, onWait?: () => void): Promise<Started> =>
  startServices({ ...env, ROLE: "web" }, log, { isSite: false, onWait });

interface Progress {
  closes: Close[];
  /** Whether the database has answered. */
  reached: boolean;
}

/** In the order of dependence: database, migrations, queue, portal, worker. */
async function open(
  given: Env,
  log: Logger,
  { isSite, onWait, progress }: Required<Manner> & { progress: Progress },
): Promise<Omit<Started, "stop">> {
  const { closes } = progress;
  const local = given.DATABASE_URL
    ? undefined
    : await startLocalPostgres({ dir: `${given.DATA_DIR}/postgres`, database: "registration", log });
  if (local) closes.push(() => local.stop());
  const databaseUrl = given.DATABASE_URL ?? local?.url ?? "";
  await assertPoolerFits(given, log);
  await migrate({ databaseUrl, log, ...(onWait && { onWait }) });
  progress.reached = true;

  const pool = createWatchedPool(databaseUrl, log);
  closes.push(() => pool.end());
  const db = createDb(pool);
  closes.push(() => db.$disconnect());
  const settings = await openSettings({ db, env: given, log }, { follow: isSite });
  closes.push(() => settings.stop());
  const { env } = settings;
  const forms = await openForms({ db, log });
  closes.push(() => forms.stop());
  const consents = await openConsents({ db, log });
  closes.push(() => consents.stop());
  if (isSite) {
    await noteEnvironmentMap({ db, env: given });
    // First, so that a change during the count is not missed.
    settings.onChange(() => countByZone({ db, env, log }));
    await countByZone({ db, env, log });
    settings.onChange(() => followNoticeKinds({ db, env }));
    await followNoticeKinds({ db, env });
  }
  const works = env.ROLE !== "web";
  const queue = await createQueue({ pool, log, supervise: works });
  closes.push(() => queue.stop());
  const mail = createMail(env, log);
  if (!canMail(env))
    log.warn("SMTP_URL is unset: no mail is sent, so people cannot reset a password or confirm an address");
  const rateLimiter = createRateLimiter(env, pool, log);
  const services: Services = {
    env,
    settings,
    forms,
    consents,
    log,
    pool,
    db,
    queue,
    mail,
    bitrix24: createBitrix24({ env, db, log, forms }, rateLimiter),
  };
  if (!isSite) return { services, worker: undefined };
  await ensureFirstAdmin(services);
  closes.push(watchLongWait(services));
  closes.push(watchAlerts(services));
  closes.push(watchNotices(services));
  if (works) closes.push(watchConnection(services));
  if (works) closes.push(watchProducts(services));
  if (works) closes.push(watchWebhooks(services));

  const worker = works ? createWorker(services, databaseUrl, rateLimiter) : undefined;
  if (worker) closes.push(() => worker.stop());
  return { services, worker };
}

/** What was opened last may use all the rest: it goes first. */
async function closeAll(closes: Close[]): Promise<void> {
  for (const close of closes.reverse()) await close();
}

const createRateLimiter = (env: Env, pool: Services["pool"], log: Logger) =>
  new RateLimiter({ pool, log, requestsPerSecond: env.BITRIX24_REQUESTS_PER_SECOND, burst: env.BITRIX24_BURST });

interface Ties extends Pick<ConstructorParameters<typeof Bitrix24Client>[0], "assertLeader" | "signal" | "observe"> {
  portal?: PortalWatch;
}

/**
 * The service over the configured portal; without a database for questions only. `ties` are those to the leader lock of
 * a worker, and to what another service of the process knows of the portal.
 */
export function createBitrix24(
  { env, log, db, forms }: Pick<Services, "env" | "log"> & Partial<Pick<Services, "db" | "forms">>,
  rateLimiter: RateLimit,
  { portal = db ? new PortalGuard({ db, env, log }) : unwatched, ...lock }: Ties = {},
): Bitrix24 {
  const timeoutMs = env.BITRIX24_TIMEOUT_MS;
  const webhookUrl = env.BITRIX24_WEBHOOK_URL ?? noPortal;
  const client: Bitrix24Client = new Bitrix24Client({
    webhookUrl,
    timeoutMs,
    rateLimiter,
    log,
    assertPortal: () => portal.assertKnown(client, { writes: true }),
    ...lock,
  });
  const settings = () =>
    forms ? settingsGroups({ env, forms }).all.map((group) => group.settings) : [crmSettingsOf(env)];
  const marks = async () => {
    if (!db) throw new Error("This installation's mark is stored in the database, which is not open here.");
    return readMarks({ db, env });
  };
  const productNews: ProductNews | undefined = db && {
    tell: (...told) =>
      noteProduct({ db }, ...told).catch((err: unknown) =>
        log.warn({ err }, "what the portal says about a product could not be stored for the registration page"),
      ),
    isOutdated: (facts, readAt) => isOutdated(forms?.product(facts.id), facts, readAt),
  };
  return new Bitrix24({ client, rateLimiter, settings, marks, portal, log, timeoutMs, productNews });
}

/** A second portal service of the process, with a function that gets each answer. */
export const observedBitrix24 = (services: Services, observe: NonNullable<Ties["observe"]>): Bitrix24 =>
  createBitrix24(services, createRateLimiter(services.env, services.pool, services.log), {
    portal: services.bitrix24.portal,
    observe,
  });

/** The worker with a portal service of its own, whose every request asks for the leader lock first. Not started yet. */
export function createWorker(services: Services, databaseUrl: string, rateLimiter: RateLimiter): Worker {
  const leaderLock = new LeaderLock(databaseUrl, services.log);
  const ties: Ties = {
    portal: services.bitrix24.portal,
    assertLeader: () => worker.assertLeader(),
    signal: () => leaderLock.signal,
  };
  const leading = { ...services, bitrix24: createBitrix24(services, rateLimiter, ties) };
  const worker: Worker = new Worker({
    services: leading,
    leaderLock,
    rateLimiter,
  });
  return worker;
}
