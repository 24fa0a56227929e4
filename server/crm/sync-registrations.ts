import type { SyncResults } from "../bitrix24/bitrix24";
import type { ProgressPort } from "../bitrix24/progress";
import type { Person } from "../bitrix24/registrant";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { remindOfPaid } from "../payments/enqueue-paid";
import { backOffMs } from "../queue/back-off";
import type { FinishedJob, Job } from "../queue/queue";
import type { Services } from "../services";
import { createProgressStore } from "./progress-store";
import { type ReadyJob, selectReady } from "./select-ready";

/** With the default back-off about eleven hours of real attempts; outages do not count. */
export const maxAttempts = 20;

/** So many people together, and the portal broke down over every one of them: that is no matter of their data. */
const fewestForBreakdown = 3;
const isBreakdown = (result: "done" | Bitrix24Error | undefined): boolean =>
  result instanceof Bitrix24Error && result.kind === "refused" && result.applied === "unknown";

/** How often a registration that waits for an administrator's answer looks whether it has come. */
export const heldMs = ({ BITRIX24_RETRY_MAX_MS }: Services["env"]) => Math.min(60_000, BITRIX24_RETRY_MAX_MS);

/** Whether the portal answered for others lately: then a lone request without an answer is that person's own fault. */
const healthyMs = 5 * 60_000;

/** What the loop should know of a run. */
export interface SyncRun {
  synced: number;
  /** The portal or the way to it is ill: slow down. */
  outage: boolean;
  /** Nothing will work until somebody acts: open the breaker. */
  blocked: Bitrix24Error | undefined;
  /** Nothing is accepted before this time. */
  limitedUntil: Date | undefined;
}

/** Nothing to report. */
export const quietRun: SyncRun = { synced: 0, outage: false, blocked: undefined, limitedUntil: undefined };

/** Notes a failure that is nobody's own. A limit of unknown end is waited out like an outage, ever longer. */
export function noteFailure(run: SyncRun, error: Bitrix24Error): void {
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
  #answeredAt = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async syncRegistrations(jobs: Job[]): Promise<SyncRun> {
    const { queue } = this.#deps;
    const { go, settled } = await selectReady(this.#deps, jobs);
    const results = await this.#carry(go);
    const run: SyncRun = { ...quietRun };
    const again = await this.#decide(go, results, run);
    await remindOfPaid(
      this.#deps,
      [...results].flatMap(([userId, result]) => (result === "done" ? [userId] : [])),
    );
    await queue.finish("crm-registration", [...settled, ...again]);
    return run;
  }

  async #carry(candidates: ReadyJob[]): Promise<SyncResults> {
    if (candidates.length === 0) return new Map();
    const attempts = new Map(candidates.map(({ person, attempts }) => [person.userId, attempts + 1]));
    return this.#carryTogether(candidates, createProgressStore(this.#deps, attempts));
  }

  /**
   * A look-up that fails as a whole while the portal is well has one culprit among many innocent: halves are tried
   * until it stands alone.
   */
  async #carryTogether(candidates: ReadyJob[], progress: ProgressPort): Promise<SyncResults> {
    const people = candidates.map(({ person }) => person);
    try {
      return await this.#deps.bitrix24.createDealOnRegistration(people, progress);
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      const personal = error.kind === "refused" || (error.kind === "outage" && (await this.#answersProbe()));
      if (!personal) return new Map(people.map((person) => [person.userId, error]));
      if (candidates.length === 1)
        return new Map(people.map((person) => [person.userId, error.with({ kind: "refused" })]));
      const half = Math.ceil(candidates.length / 2);
      return new Map([
        ...(await this.#carryTogether(candidates.slice(0, half), progress)),
        ...(await this.#carryTogether(candidates.slice(half), progress)),
      ]);
    }
  }

  /** Whether the portal answers a question that has nothing to do with anyone's data. */
  async #answersProbe(): Promise<boolean> {
    try {
      await this.#deps.bitrix24.probe();
      return true;
    } catch (error) {
      if (error instanceof Bitrix24Error) return false;
      throw error;
    }
  }

  async #decide(candidates: ReadyJob[], results: SyncResults, run: SyncRun): Promise<FinishedJob[]> {
    if ([...results.values()].includes("done")) this.#answeredAt = Date.now();
    const settled: FinishedJob[] = [];
    for (const readyJob of candidates) {
      const result = results.get(readyJob.person.userId);
      if (result === "done") run.synced++;
      settled.push(
        result === "done" || result === undefined
          ? readyJob.job
          : await this.#again(readyJob, result, { results, run }),
      );
    }
    return settled;
  }

  /** When a failed registration is tried again, or that it is failed permanently. */
  async #again(
    { job, person, attempts }: ReadyJob,
    error: Bitrix24Error,
    { results, run }: { results: SyncResults; run: SyncRun },
  ): Promise<FinishedJob> {
    const { db } = this.#deps;
    const blamed = await this.#isPersonal(error, person, results);
    if (!blamed && error.kind !== "held") noteFailure(run, error);

    const counted = attempts + (blamed ? 1 : 0);
    if (counted >= maxAttempts) {
      await this.#giveUp(person.userId, counted, error.code);
      return job;
    }
    const wait = blamed
      ? backOffMs(this.#deps.env, counted)
      : error.kind === "held"
        ? heldMs(this.#deps.env)
        : Math.max(0, (run.limitedUntil?.getTime() ?? 0) - Date.now());
    const { crmInFlightUntil } = await db.user.findUniqueOrThrow({
      where: { id: person.userId },
      select: { crmInFlightUntil: true },
    });
    const retryAt = new Date(Math.max(Date.now() + wait, crmInFlightUntil?.getTime() ?? 0));
    await db.user.update({
      where: { id: person.userId },
      data: { crmAttempts: counted, crmError: error.code, crmNextAttemptAt: retryAt },
    });
    return { ...job, retryAt };
  }

  /** Whether a failure is this person's own and costs an attempt, or the portal's, which costs nobody anything. */
  async #isPersonal(error: Bitrix24Error, { userId, isolated }: Person, results: SyncResults): Promise<boolean> {
    const outcomes = [...results.values()];
    switch (error.kind) {
      case "refused":
        return !(outcomes.length >= fewestForBreakdown && outcomes.every(isBreakdown));
      case "blocked":
        // Forbidden to one while others passed: that deal or contact is closed to us, not the portal.
        return outcomes.includes("done") || (await this.#isClosedRecord(error, userId));
      case "outage":
        return isolated && this.#healthy();
      case "limit":
      case "held":
        return false;
    }
  }

  /**
   * Whether the portal did the same for others lately, or since it first refused this person: then one record is closed
   * to us. Read from the log, because a refused registration is mostly repeated alone. A right to create is missing for
   * all alike.
   */
  async #isClosedRecord({ refusesItem, method }: Bitrix24Error, userId: number): Promise<boolean> {
    if (!refusesItem || method === "crm.item.add") return false;
    const { db } = this.#deps;
    const refused = await db.crmLog.findFirst({
      where: { userId, method, outcome: { not: "OK" } },
      orderBy: { id: "asc" },
      select: { at: true },
    });
    const since = new Date(Math.min(Date.now() - healthyMs, refused?.at.getTime() ?? Number.POSITIVE_INFINITY));
    const other = await db.crmLog.findFirst({
      where: { method, outcome: "OK", userId: { not: userId }, at: { gt: since } },
      select: { id: true },
    });
    return other !== null;
  }

  #healthy(): boolean {
    return Date.now() - this.#answeredAt < healthyMs;
  }

  async #giveUp(userId: number, attempts: number, code: string): Promise<void> {
    const { db, log, mail, env } = this.#deps;
    await db.user.update({
      where: { id: userId },
      data: { crmState: "FAILED", crmAttempts: attempts, crmError: code, crmNextAttemptAt: null },
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
