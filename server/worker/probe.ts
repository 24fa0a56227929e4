import { barredCodes, dealRemovedCode } from "../bitrix24/ownership-errors";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { heldForms } from "../crm/form-holds";
import { syncRegistrations } from "../crm/sync-registrations";
import type { SyncRun } from "../crm/sync-run";
import { firstFormId } from "../forms/forms";
import { elapsedMs } from "../platform/elapsed";
import {
  type Cause,
  closeBreaker,
  endIncident,
  isProbeDue,
  isUnfit,
  openBreaker,
  type PortalState,
  postponeProbe,
} from "../queue/circuit-breaker";
import { mustCompareFirst } from "../queue/compare-first";
import { type Job, priorities } from "../queue/queue";
import type { Services } from "../services";
import { inJobs } from "./in-jobs";

/** For this long the portal's own description of a field as mandatory is enough to send nothing. */
const maxUntriedMs = 5 * 60_000;

/**
 * Tests a portal whose breaker is open: first by a read, then by one registration, since some portals answer every read
 * and refuse every write. The other registrations follow once that one has succeeded.
 */
export class Probe {
  readonly #services: Services;
  /** When a registration last probed the portal. */
  #probedAt = Number.NEGATIVE_INFINITY;
  /** How many of these probes in a row were refused. */
  #refused = 0;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Probes if it is time; true if the breaker was closed. */
  async closesBreaker(state: PortalState): Promise<boolean> {
    const services = this.#services;
    if (isUnfit(state) || !isProbeDue(state.probeAt)) return false;
    if (!(await this.#isReadable(state))) return false;
    // No registration could be written yet, and the comparison for which all wait goes on only where the queue is not paused.
    if (!(await mustCompareFirst(services.db)) && !(await this.#isAccepted(state))) return false;
    this.#refused = 0;
    await closeBreaker(services);
    return true;
  }

  /** Whether registrations get through again, as far as one of them tells. */
  async #isAccepted(state: PortalState): Promise<boolean> {
    const services = this.#services;
    this.#probedAt = elapsedMs();
    const jobs = await services.queue.fetch("crm-registration", 1);
    if (jobs.length > 0 || (await this.#hasCandidates())) {
      const run = toldBy(
        await inJobs("crm-registration", jobs, () =>
          syncRegistrations(services, jobs, { probe: true, place: placeAfter(state) }),
        ),
      );
      if (isThrough(state.pauseStep, run)) {
        if (state.alertedCode !== null) await endIncident(services);
      } else if (run.blocked && !(await this.#concernsThemAlone(jobs, run.blocked, state))) {
        await openBreaker(services, keepsCause(run.blocked, state) ? causeOf(state) : run.blocked, ++this.#refused);
        return false;
      } else if (run.outage || run.limitedUntil || (!run.blocked && (await this.#hasCandidates()))) {
        await postponeProbe(services);
        return false;
      }
    }
    return true;
  }

  async #isReadable({ pauseStep, pauseField }: PortalState): Promise<boolean> {
    const services = this.#services;
    try {
      const { portal, client } = services.bitrix24;
      await portal.assertKnown(client, { anew: true });
      await services.bitrix24.probe();
      if (!(await this.#surelyRefused(pauseStep, pauseField))) return true;
      await postponeProbe(services);
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      if (error.kind === "blocked") await openBreaker(services, error);
      else await postponeProbe(services);
    }
    return false;
  }

  /**
   * Whether the portal's own field description says that it would refuse again; now and then a registration is tried
   * all the same. Throws Bitrix24Error.
   */
  async #surelyRefused(step: string | null, field: string | null): Promise<boolean> {
    if (!step || !field || elapsedMs() - this.#probedAt > maxUntriedMs) return false;
    return this.#services.bitrix24.fields.stillDemands(step, field, this.#services.bitrix24.settings.fieldRules);
  }

  /**
   * Whether the only person who waits is refused for another reason than the queue was paused for. Then no further probe
   * could tell more, and payments and erasures would wait for the next registration. If the first cause is still there,
   * the breaker opens again without a second alert.
   */
  async #concernsThemAlone(jobs: Job[], error: Bitrix24Error, state: PortalState): Promise<boolean> {
    const { pauseCode, pauseStep } = state;
    if (error.kind !== "refused" || (error.code === pauseCode && (error.step ?? null) === pauseStep)) return false;
    if (isRemovedAgain(error, state)) return false;
    return !(await this.#hasCandidates(jobs.map(({ userId }) => userId)));
  }

  /**
   * Whether registrations wait that could succeed as a probe now: those of forms that are not held up by themselves, and of
   * people whose next attempt is due and who are not barred by our own rules. A person whose deals were removed waits for a
   * trial all the time. Where there are none the read is enough, as where nobody waits, or payments and erasures would wait
   * too.
   */
  async #hasCandidates(besides: number[] = []): Promise<boolean> {
    const held = [...(await heldForms(this.#services))];
    const rows = await this.#services.db.$queryRaw<unknown[]>`
      select 1 from "User"
      where "crmState" = 'PENDING' and coalesce("formId", ${firstFormId}::int) <> all(${held}::int[])
        and (coalesce("crmNextAttemptAt", now()) <= now() or "crmError" = ${dealRemovedCode})
        and coalesce("crmInFlightUntil", now()) <= now()
        and coalesce("crmError", '') <> all(${barredCodes})
        and id <> all(${besides}::int[])
      limit 1`;
    return rows.length > 0;
  }
}

/** What a probe has shown: that one person is barred by our own rules says nothing of the portal. */
const toldBy = (run: SyncRun): SyncRun =>
  run.blocked && barredCodes.includes(run.blocked.code) ? { ...run, blocked: undefined } : run;

/**
 * People whose deals were removed wait behind all others, so a person who is refused in a probe goes behind them. In another
 * pause it is enough that one registration, or one that an administrator resent, is not every next probe.
 */
const placeAfter = ({ pauseCode }: PortalState): number =>
  pauseCode === dealRemovedCode ? priorities.behind : priorities.registration;

/** Whether the queue stays paused for its first cause, which another person's refusal says nothing of. */
const keepsCause = (error: Bitrix24Error, state: PortalState): boolean =>
  isRemovedAgain(error, state) || (state.pauseCode === dealRemovedCode && error.kind === "refused");

/**
 * Whether the portal still removes new deals: the product row of one that was removed is refused with a code that says so
 * of one deal only.
 */
const isRemovedAgain = ({ step }: Bitrix24Error, { pauseCode, pauseStep }: PortalState): boolean =>
  pauseCode === dealRemovedCode && step !== undefined && step === pauseStep;

const causeOf = ({ pauseCode, pauseStep, pauseField }: PortalState): Cause => ({
  code: pauseCode ?? "",
  step: pauseStep ?? undefined,
  field: pauseField ?? undefined,
});

/** Whether a run shows that what was refused at this step (null: any step) is accepted again. */
export const isThrough = (step: string | null, { synced, passed }: SyncRun): boolean =>
  synced > 0 || (step !== null && passed.has(step));
