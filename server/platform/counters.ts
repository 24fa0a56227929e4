import { Counter, Gauge, Registry } from "prom-client";

/** What happens in this process and is counted for /metrics, from wherever it happens. Codes only, never who or what. */
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

export const signUpsUnusual = new Gauge({
  name: "sign_ups_unusual",
  help: "1 while far more registrations come in than usual",
  registers: [counters],
});
