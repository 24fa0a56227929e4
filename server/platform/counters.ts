import { Counter, Histogram, Registry } from "prom-client";

/** Counters of this process for /metrics. Labels are codes, never persons or content. */
export const counters = new Registry();

export const auditEvents = new Counter({
  name: "audit_events_total",
  help: "Audited actions of this process, by action",
  labelNames: ["action"],
  registers: [counters],
});

export const signInAttempts = new Counter({
  name: "sign_in_attempts_total",
  help: "Attempts to sign in: started, refused for a wrong password, code_asked after a right one, code_refused, or delayed after too many",
  labelNames: ["outcome"],
  registers: [counters],
});

/** Named as in OpenTelemetry's semantic conventions. Without the path: visitors can make up any number of paths. */
export const requestDuration = new Histogram({
  name: "http_server_request_duration_seconds",
  help: "Requests answered by this process, by method and status",
  labelNames: ["http_request_method", "http_response_status_code"],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [counters],
});
