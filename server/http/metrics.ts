import { timingSafeEqual } from "node:crypto";
import type { Request, RequestHandler } from "express";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { readBackupTime } from "../database/backup-time";
import { counters } from "../platform/counters";
import { oldestOpenErasure } from "../privacy/erasures";
import { queueHealth } from "../queue/health";
import type { Services } from "../services";
import { findFlood } from "../sign-ups/watch";
import { proxyHeader } from "./proxy-headers";

const loopback = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);
const ownNames = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Prometheus text: metrics of the process, and those of the queue that alerts need. */
export function createMetrics(services: Pick<Services, "db" | "env">): RequestHandler {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const registrations = new Gauge({
    name: "crm_registrations",
    help: "Registrations that have not arrived in Bitrix24, by state",
    labelNames: ["state"],
    registers,
  });
  const oldest = new Gauge({
    name: "crm_oldest_pending_seconds",
    help: "How long the registration that waits longest has been waiting",
    registers,
  });
  const overdue = new Gauge({
    name: "crm_registrations_overdue",
    help: "Registrations that wait longer than ALERT_WAIT_MINUTES",
    registers,
  });
  const paused = new Gauge({ name: "crm_queue_paused", help: "1 while the queue is paused", registers });
  const workerSeen = new Gauge({
    name: "crm_worker_seen_timestamp_seconds",
    help: "Last heartbeat of the leading worker, as Unix time; 0: none yet",
    registers,
  });
  const erasures = new Gauge({
    name: "person_erasure_oldest_pending_seconds",
    help: "How long ago the person was erased here whom Bitrix24 has not followed for longest; 0: it has followed all",
    registers,
  });
  const backup = new Gauge({
    name: "registration_backup_timestamp_seconds",
    help: "When `npm run backup` last wrote a file, as Unix time; 0: never",
    registers,
  });
  const synced = new Gauge({
    name: "crm_synced_last_10_minutes",
    help: "Registrations that arrived in the last ten minutes",
    registers,
  });
  // Computed at each scrape: after a flood nobody may open a form of this process for long.
  const unusual = new Gauge({
    name: "sign_ups_unusual",
    help: "1 while far more registrations come in than usual",
    registers,
  });

  return (req, res, next) => {
    if (!isAllowed(services.env, req)) {
      res.sendStatus(403);
      return;
    }
    Promise.all([queueHealth(services), oldestOpenErasure(services), readBackupTime(services.db), findFlood(services)])
      .then(async ([health, erasedAt, backedUpAt, flood]) => {
        registrations.set({ state: "pending" }, health.pending);
        registrations.set({ state: "failed" }, health.failed);
        oldest.set(health.oldestPendingSeconds);
        overdue.set(health.overdue);
        paused.set(health.pausedBy ? 1 : 0);
        workerSeen.set((health.workerSeenAt?.getTime() ?? 0) / 1_000);
        erasures.set(erasedAt ? Math.max(0, Date.now() - erasedAt.getTime()) / 1_000 : 0);
        backup.set((backedUpAt?.getTime() ?? 0) / 1_000);
        unusual.set(flood ? 1 : 0);
        synced.set(health.syncedLast10Minutes);
        res.type(registry.contentType).send(await Registry.merge([registry, counters]).metrics());
      })
      .catch(next);
  };
}

/**
 * If a token is set, its bearer. Without one no client in production, where a local proxy could forward foreign
 * requests; elsewhere only this machine, by its own name and without a proxy's headers.
 */
function isAllowed({ METRICS_TOKEN: token, NODE_ENV }: Services["env"], { headers, socket }: Request): boolean {
  if (!token)
    return (
      NODE_ENV !== "production" &&
      loopback.has(socket.remoteAddress ?? "") &&
      ownNames.test(headers.host ?? "") &&
      proxyHeader(headers) === undefined
    );
  // The scheme is one in every spelling.
  const given = Buffer.from(/^bearer +(.*)$/i.exec(headers.authorization ?? "")?.[1] ?? "");
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
