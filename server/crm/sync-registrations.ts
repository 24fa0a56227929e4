import type { SyncResults } from "../bitrix24/bitrix24";
import type { ProgressPort } from "../bitrix24/progress";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { remindOfPaid } from "../payments/enqueue-paid";
import { backOffMs } from "../queue/back-off";
import { type FinishedJob, type Job, priorities } from "../queue/queue";
import type { Services } from "../services";
import { carryTogether } from "./carry-together";
import { type Failure, FailureJudge, signatureOf } from "./judge-failures";
import { createProgressStore } from "./progress-store";
import { forgetRefusals, forgiveRefusals, noteBurnt, openRefusals } from "./refusals";
import { type ReadyJob, type Selected, selectReady } from "./select-ready";

/** With the default back-off about eleven hours of real attempts; outages do not count. */
export const maxAttempts = 20;

/** How often a registration that waits for an administrator's answer looks whether it has come. */
export const heldMs = ({ BITRIX24_RETRY_MAX_MS }: Services["env"]) => Math.min(60_000, BITRIX24_RETRY_MAX_MS);

/** What the loop should know of a run. */
export interface SyncRun {
  synced: number;
  /** The portal or the way to it is ill: slow down. */
  outage: boolean;
  /** Nothing will work until somebody acts: open the breaker. */
  blocked: Bitrix24Error | undefined;
  /** Nothing is accepted before this time. */
  limitedUntil: Date | undefined;
  /** The steps at which anybody got through. */
  passed: ReadonlySet<string>;
}

/** Nothing to report. */
export const quietRun: SyncRun = {
  synced: 0,
  outage: false,
  blocked: undefined,
  limitedUntil: undefined,
  passed: new Set(),
};

/** Notes a failure that is nobody's own. A limit of unknown end is waited out like an outage, ever longer. */
export function noteFailure(run: SyncRun, error: Bitrix24Error): void {
  if (error.kind === "halted" || error.kind === "held") return;
  if (error.kind === "blocked") run.blocked ??= error;
  else if (error.retryAt) run.limitedUntil = later(run.limitedUntil, error.retryAt);
  else run.outage = true;
}

const later = (a: Date | undefined, b: Date): Date => (a && a > b ? a : b);

type Deps = Pick<Services, "db" | "pool" | "queue" | "bitrix24" | "log" | "env" | "mail">;

/**
 * Carries the registrations of some jobs to the portal and settles the jobs. Safe to repeat at any point: every run
 * begins with what the rows and the portal already hold. Errors of the portal do not escape; a lost leader lock and an
 * unreachable database do, and leave the jobs to be reclaimed.
 */
export class RegistrationSync {
  readonly #deps: Deps;
  readonly #judge: FailureJudge;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#judge = new FailureJudge(deps);
  }

  /** `probe`: the queue is paused, and this is the one who tries whether it works again: whatever happens costs nothing. */
  async syncRegistrations(jobs: Job[], { probe = false }: { probe?: boolean } = {}): Promise<SyncRun> {
    const { queue } = this.#deps;
    const { go, settled } = await this.#compareFirst(await selectReady(this.#deps, jobs));
    const passed = new Set<string>();
    const results = await this.#carry(go, (step) => passed.add(step));
    const run: SyncRun = { ...quietRun, passed };
    const again = await this.#decide(go, results, { run, passed, probe });
    await remindOfPaid(this.#deps, doneIn(results));
    await queue.finish("crm-registration", [...settled, ...again]);
    return run;
  }

  /**
   * While it is open whose fault somebody's refusal is, those go first who can tell, in any order: neighbours in the queue
   * may have a fault in common, such as the lines of one list. Who was turned down waits for them.
   */
  async #compareFirst({ go, settled }: Selected): Promise<Selected> {
    const open = await openRefusals(this.#deps);
    const untried = go.filter(({ person }) => !open.has(person.userId));
    if (open.size === 0 || untried.length === 0) return { go, settled };
    const retryAt = new Date(Date.now() + this.#deps.env.BITRIX24_RETRY_BASE_MS);
    const waiting = go.filter(({ person }) => open.has(person.userId)).map(({ job }) => ({ ...job, retryAt }));
    const order = new Map(untried.map((each) => [each, Math.random()]));
    return {
      go: untried.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)),
      settled: [...settled, ...waiting],
    };
  }

  async #carry(ready: ReadyJob[], onPassed: (step: string) => void): Promise<SyncResults> {
    if (ready.length === 0) return new Map();
    const attempts = new Map(ready.map(({ person, attempts }) => [person.userId, attempts + 1]));
    const progress: ProgressPort = createProgressStore(this.#deps, attempts, onPassed);
    return carryTogether(
      this.#deps.bitrix24,
      ready.map(({ person }) => person),
      progress,
    );
  }

  async #decide(
    ready: ReadyJob[],
    results: SyncResults,
    { run, passed, probe }: { run: SyncRun; passed: Set<string>; probe: boolean },
  ): Promise<FinishedJob[]> {
    run.synced = doneIn(results).length;
    await forgetRefusals(this.#deps, doneIn(results));
    const failures = ready.flatMap(({ person }): Failure[] => {
      const error = results.get(person.userId);
      return error instanceof Bitrix24Error ? [{ person, error }] : [];
    });
    const { own, others, common } = await this.#judge.judge(failures, results, passed);
    for (const { error } of others) if (error.kind !== "refused") noteFailure(run, error);
    if (common) {
      run.blocked ??= common;
      await this.#forgive(common, ready);
    }
    if (probe) run.blocked ??= own[0]?.error;
    const verdicts = new Map<number, { error: Bitrix24Error; blamed: boolean }>([
      ...own.map(({ person, error }) => [person.userId, { error, blamed: !probe }] as const),
      ...others.map(({ person, error }) => [person.userId, { error, blamed: false }] as const),
    ]);
    const settled: FinishedJob[] = [];
    for (const readyJob of ready) {
      const verdict = verdicts.get(readyJob.person.userId);
      if (!verdict) settled.push(readyJob.job);
      else {
        const job = await this.#again(readyJob, verdict, run);
        // Not always the same one, nor one who was sent again by hand, is to be the next probe.
        settled.push(probe ? { ...job, priority: Math.min(job.priority, priorities.registration) } : job);
      }
    }
    return settled;
  }

  /** When a failed registration is tried again, or that it failed permanently. */
  async #again(
    { job, person, attempts }: ReadyJob,
    { error, blamed }: { error: Bitrix24Error; blamed: boolean },
    run: SyncRun,
  ): Promise<FinishedJob> {
    const { db, env } = this.#deps;
    const { userId } = person;
    if (error.kind === "halted") return { ...job, retryAt: new Date() };
    if (blamed) await noteBurnt(this.#deps, signatureOf(error), userId);
    const counted = attempts + (blamed ? 1 : 0);
    if (counted >= maxAttempts) {
      await this.#giveUp(userId, counted, error);
      return job;
    }
    const wait = blamed
      ? backOffMs(env, counted)
      : error.kind === "held"
        ? heldMs(env)
        : Math.max(0, (run.limitedUntil?.getTime() ?? 0) - Date.now());
    const { crmInFlightUntil } = await db.user.findUniqueOrThrow({
      where: { id: userId },
      select: { crmInFlightUntil: true },
    });
    const retryAt = new Date(Math.max(Date.now() + wait, crmInFlightUntil?.getTime() ?? 0));
    await db.user.update({
      where: { id: userId },
      data: {
        ...(blamed ? { crmAttempts: counted } : {}),
        crmError: error.code,
        crmErrorField: error.field ?? null,
        crmNextAttemptAt: retryAt,
      },
    });
    return { ...job, retryAt };
  }

  /** Whoever was turned down for what turns down everybody gets the attempts back, and waits no longer than others. */
  async #forgive(cause: Bitrix24Error, inHand: ReadyJob[]): Promise<void> {
    const { db, queue, log } = this.#deps;
    const forgiven = await forgiveRefusals(this.#deps, signatureOf(cause), maxAttempts);
    const own = new Set(inHand.map(({ person }) => person.userId));
    const waiting = forgiven.filter((userId) => !own.has(userId));
    await db.$transaction((tx) => queue.enqueueMany(tx, "crm-registration", waiting));
    if (forgiven.length > 0)
      log.warn({ ...signatureOf(cause), people: forgiven.length }, "several people are turned down alike");
  }

  async #giveUp(userId: number, attempts: number, { code, field }: Bitrix24Error): Promise<void> {
    const { db, log, mail, env } = this.#deps;
    await db.user.update({
      where: { id: userId },
      data: {
        crmState: "FAILED",
        crmAttempts: attempts,
        crmError: code,
        crmErrorField: field ?? null,
        crmNextAttemptAt: null,
      },
    });
    log.error({ userId, code, attempts }, "a registration is given up: an administrator can resend it");
    // Not waited for: a mail server that hangs must not hold up the others.
    if (env.ALERT_EMAIL)
      void mail.send({
        to: env.ALERT_EMAIL,
        subject: `Bitrix24: registration ${userId} is given up (${code})`,
        text: `It can be sent again: ${env.APP_URL}/admin/users/${userId}\n`,
      });
  }
}

const doneIn = (results: SyncResults): number[] =>
  [...results].flatMap(([userId, result]) => (result === "done" ? [userId] : []));
