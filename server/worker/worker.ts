import { isPortalChanged } from "../bitrix24/portal-watch";
import { Bitrix24Error } from "../bitrix24/transport/error";
import type { RateLimiter } from "../bitrix24/transport/rate-limit";
import { syncRegistrations } from "../crm/sync-registrations";
import { noteFailure, quietRun, type SyncRun } from "../crm/sync-run";
import { reconcileStep } from "../deal-sync/reconcile";
import { tellResponsible } from "../notices/message-sender";
import { elapsedMs } from "../platform/elapsed";
import { endIncident, openBreaker, readPortalState } from "../queue/circuit-breaker";
import { mustCompareFirst } from "../queue/compare-first";
import { type Job, type QueueName, queueNames } from "../queue/queue";
import type { Services } from "../services";
import { followUps } from "./follow-ups";
import { inJobs } from "./in-jobs";
import { type LeaderLock, LeadershipLostError } from "./leader-lock";
import { Maintenance } from "./maintenance";
import { PagesInARow } from "./pages-in-a-row";
import { isThrough, Probe } from "./probe";
import { type Rest, Sleeper } from "./sleeper";
import { SpentTime } from "./spent-time";

/** Delayed jobs become due without a notification, so the loop polls; committed jobs wake it at once. */
const pollMs = 1_000;
/** The longest wait between requests to a failing portal: its recovery should be noticed within a minute. */
const maxOutageMs = 60_000;

/**
 * The leader's loop. Every worker process runs one, and the leader lock lets one of them act. No error ends the loop:
 * it is logged, and the jobs in hand are resumed from their rows.
 */
export class Worker {
  readonly #services: Services;
  readonly #leaderLock: LeaderLock;
  readonly #rateLimiter: RateLimiter;
  readonly #maintenance: Maintenance;
  readonly #probe: Probe;
  #stopping = false;
  #running: Promise<void> | undefined;
  #leading = false;
  #outages = 0;
  readonly #pages = new PagesInARow();
  /** No request is sent before this time. */
  #restUntil = 0;
  #reconcileAfter = 0;
  readonly #sleeper = new Sleeper();
  readonly #spentTime = new SpentTime<QueueName | "reconciliation">();

  constructor(options: {
    services: Services;
    leaderLock: LeaderLock;
    rateLimiter: RateLimiter;
  }) {
    this.#services = options.services;
    this.#leaderLock = options.leaderLock;
    this.#rateLimiter = options.rateLimiter;
    this.#maintenance = new Maintenance(options.services);
    this.#probe = new Probe(options.services);
    this.#leaderLock.onWake(() => this.#sleeper.wake());
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Called before each request: throws if another process may be the leader, or if this worker is to stop. */
  async assertLeader(): Promise<void> {
    if (this.#stopping) throw new LeadershipLostError();
    await this.#leaderLock.assertHeld();
  }

  /** Lets the request in flight end, leaves the remaining jobs to the next leader, and releases the leader lock. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#maintenance.stop();
    this.#sleeper.end();
    await this.#running;
    await this.#leaderLock.release();
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#sleeper.sleep(await this.#turn());
      } catch (error) {
        if (!(error instanceof LeadershipLostError))
          this.#services.log.error({ err: error }, "worker turn failed, retrying");
        this.#leading = false;
        await this.#sleeper.sleep({ ms: pollMs, wakeable: false });
      }
    }
  }

  /** One round; returns how long to rest and whether a new job may end the rest early. */
  async #turn(): Promise<Rest> {
    const services = this.#services;
    this.#sleeper.beginRound();
    if (!(await this.#leaderLock.tryAcquire())) {
      this.#leading = false;
      return { ms: pollMs, wakeable: false };
    }
    if (!this.#leading) await this.#becomeLeader();
    await this.#maintenance.runDue();

    const rest = this.#restUntil - elapsedMs();
    if (rest > 0) return { ms: Math.min(rest, pollMs), wakeable: false };

    const state = await readPortalState(services);
    if (state.pausedBy === "admin") return { ms: this.#poll, wakeable: true };
    if (state.pausedBy === "breaker")
      return { ms: (await this.#probe.closesBreaker(state)) ? 0 : this.#poll, wakeable: false };
    const unmet = await this.#meetPortal();
    if (unmet) return unmet;
    // Jobs would only be put off, since nothing may be written; and where many wait, the comparison would never have its turn.
    if (await mustCompareFirst(services.db)) return this.#reconcile({ isAlone: true });

    // All kinds in each round: a long backlog of one kind must not delay the other kinds.
    const registrations = await this.#fetch("crm-registration", services.bitrix24.groupSize());
    if (registrations.length > 0) {
      const run = await inJobs("crm-registration", registrations, () => syncRegistrations(services, registrations));
      if (isThrough(state.alertedStep, run) && state.alertedCode !== null) await endIncident(services);
      this.#spentTime.note("crm-registration", run);
      if (isHindered(run)) return this.#restAfter(run);
    }
    let hasWorked = registrations.length > 0;
    for (const { queue, atOnce, sync } of followUps) {
      const jobs = await this.#fetch(queue, atOnce);
      if (jobs.length === 0) continue;
      hasWorked = true;
      const run = await inJobs(queue, jobs, () => sync(services, jobs));
      this.#spentTime.note(queue, run);
      if (isHindered(run)) return this.#restAfter(run);
    }
    await tellResponsible(services, { idle: !hasWorked });
    if (hasWorked) return this.#restAfter(quietRun);
    return this.#reconcile();
  }

  async #fetch(queue: QueueName, atOnce: number): Promise<Job[]> {
    return this.#spentTime.isSpent(queue) ? [] : await this.#services.queue.fetch(queue, atOnce);
  }

  /**
   * Checks which portal answers before any job is fetched; mostly this only reads our own row. If the portal does not
   * answer, the turn continues, so that the fetched registrations get that error as their reason.
   */
  async #meetPortal(): Promise<Rest | null> {
    const { portal, client } = this.#services.bitrix24;
    try {
      await portal.assertKnown(client);
      return null;
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      return isPortalChanged(error) ? this.#restAfter({ ...quietRun, blocked: error }) : null;
    }
  }

  /**
   * Does a step of a reconciliation while no jobs wait; then rests for at least as long as the step took, so that half of the
   * time and of the rate limit is left to new jobs. `isAlone`: nothing else may be done before it has ended.
   */
  async #reconcile({ isAlone = false } = {}): Promise<Rest> {
    if (elapsedMs() < this.#reconcileAfter || this.#spentTime.isSpent("reconciliation"))
      return { ms: this.#poll, wakeable: true };
    try {
      const begunAt = elapsedMs();
      if (!(await reconcileStep(this.#services))) return { ms: this.#poll, wakeable: true };
      this.#outages = 0;
      if (isAlone) return { ms: 0, wakeable: true };
      const restMs = Math.max(2_000 / this.#services.env.BITRIX24_REQUESTS_PER_SECOND, elapsedMs() - begunAt);
      this.#reconcileAfter = elapsedMs() + restMs;
      // A timer may fire a little early.
      return { ms: Math.min(Math.ceil(restMs) + 1, pollMs), wakeable: true };
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      if (error.kind === "refused") {
        // A failure of the reconciliation must not delay new registrations.
        this.#reconcileAfter = elapsedMs() + maxOutageMs;
        this.#services.log.warn(
          { code: error.code, method: error.method },
          "the portal rejected a step of the reconciliation",
        );
        return { ms: this.#poll, wakeable: true };
      }
      const run = { ...quietRun };
      noteFailure(run, error);
      this.#spentTime.note("reconciliation", run);
      return this.#restAfter(run);
    }
  }

  get #poll(): number {
    return Math.min(pollMs, this.#services.env.BITRIX24_RETRY_BASE_MS);
  }

  async #becomeLeader(): Promise<void> {
    await this.#rateLimiter.load();
    for (const queue of queueNames) {
      const count = await this.#services.queue.reclaim(queue);
      if (count > 0) this.#services.log.info({ queue, count }, "took over jobs of a worker that has ended");
    }
    this.#leading = true;
    this.#services.log.info("this process is the leader: it talks to Bitrix24");
  }

  /** A long rest is split into turns of the loop, so that the heartbeat and the maintenance continue. */
  async #restAfter(run: SyncRun): Promise<Rest> {
    if (run.blocked) {
      await openBreaker(this.#services, run.blocked);
      return { ms: this.#poll, wakeable: false };
    }
    const cutOff = this.#pages.cutOffBy(run);
    if (cutOff) {
      // Without a step, since every request is affected; from now on one registration at a time is tried.
      await openBreaker(this.#services, { code: cutOff });
      return { ms: this.#poll, wakeable: false };
    }
    this.#outages = run.outage ? this.#outages + 1 : 0;
    const { BITRIX24_RETRY_BASE_MS: base, BITRIX24_RETRY_MAX_MS: max } = this.#services.env;
    const outage = run.outage ? Math.min(base * 2 ** (this.#outages - 1), max, maxOutageMs) : 0;
    this.#restUntil = elapsedMs() + outage;
    return { ms: Math.min(outage, pollMs), wakeable: false };
  }
}

/** Whether a run met something that concerns the next requests as well, of whatever method. */
const isHindered = ({ blocked, outage }: SyncRun): boolean => Boolean(blocked) || outage;
