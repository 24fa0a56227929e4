import { raiseAlert } from "../alerts/raise";
import { userIdOf } from "../bitrix24/person";
import { foundMethod, type ProgressPort, type Step } from "../bitrix24/progress";
import { type Traced, traceMethod } from "../bitrix24/trace";
import { lockedInOrder } from "../database/locked-in-order";
import { inTransaction } from "../database/transaction";
import { lostRecords } from "../identity/unknown-marks";
import { requestOf } from "../platform/request-trace";
import { startSpan } from "../platform/tracing";
import type { Services } from "../services";
import { sortCopies } from "./possible-deals";
import { findRemoved } from "./removed-deals";
import { assignResponsible } from "./responsible";

/**
 * The progress store in the database. It writes before and after every request: the in-flight marker before, ids and
 * outcome after. So after a crash at any moment the rows tell the next process where to continue.
 */
export function createProgressStore(
  { db, pool, log, env }: Pick<Services, "db" | "pool" | "log" | "env">,
  /** Of each user the number of this attempt; without it the first. */
  attempts = new Map<number, number>(),
  /** Called with each step that succeeded. */
  onPassed: (step: string, userId: number) => void = () => {},
): ProgressPort {
  const quarantineMs = env.BITRIX24_SETTLE_MS;
  return {
    async markInFlight(userIds, { sold = new Map(), traced = [], rows = [] } = {}) {
      // The connection may deliver the request as late as our timeout; only then does the portal start its own time.
      await pool.query(
        `with locked as materialized (${lockedInOrder})
         update "User" u set "crmInFlightUntil" = clock_timestamp() + $2 * interval '1 millisecond',
           "crmProduct" = coalesce($3::jsonb -> u.id::text, u."crmProduct"),
           "crmTracedAt" = case when u.id = any($4::int[]) then clock_timestamp() else u."crmTracedAt" end,
           "crmRowUncertain" = u."crmRowUncertain" or u.id = any($5::int[])
         from locked where u.id = locked.id`,
        [userIds, env.BITRIX24_TIMEOUT_MS + quarantineMs, JSON.stringify(Object.fromEntries(sold)), traced, rows],
      );
    },

    async markTraces(userIds) {
      const { rows } = await pool.query<{ id: number }>(
        `with locked as materialized (${lockedInOrder})
         update "User" u set "crmTracedAt" = clock_timestamp() from locked where u.id = locked.id and u."erasedAt" is null
         returning u.id`,
        [userIds],
      );
      return rows.map(({ id }) => id);
    },

    async recordTraces(traces) {
      const attempt = ({ userId }: Traced) => attempts.get(userId) ?? 1;
      await saveTraces(pool, traces, attempt);
      for (const { userId, outcome, code, untried } of traces)
        if (!untried)
          log[outcome === "OK" ? "info" : "warn"]({ userId, method: traceMethod, outcome, code }, "bitrix24");
    },

    async record(steps) {
      const attempt = (step: Step) => attempts.get(step.userId) ?? 1;
      await saveProgress(pool, { steps, attempt, quarantineMs });
      for (const step of steps) {
        if (step.outcome === "OK" && step.step) onPassed(step.step, step.userId);
        const { sale: _, ...logged } = step;
        traceStep(step);
        log[step.outcome === "OK" ? "info" : "warn"]({ ...logged, attempt: attempt(step) }, "bitrix24");
      }
    },

    async clearInFlight(userIds, certainRows = []) {
      await pool.query(
        `with locked as materialized (${lockedInOrder})
         update "User" u set "crmInFlightUntil" = null,
           "crmRowUncertain" = u."crmRowUncertain" and u.id <> all($2::int[])
         from locked where u.id = locked.id`,
        [userIds, certainRows],
      );
    },

    async findLost(deals) {
      const records = deals.map(({ id, originatorId, originId, createdTime }) => ({
        isDeal: true,
        id,
        originatorId,
        userId: userIdOf(originId),
        madeAt: createdTime ?? null,
      }));
      return new Set((await lostRecords(db, records)).map(({ id }) => id));
    },

    findCopies: (deals) => sortCopies({ db, env }, deals),

    findRemoved: (userIds) => findRemoved({ db }, userIds),

    async noteHidden(contactIds) {
      log.warn({ contactIds }, "the webhook's owner may not read contacts that the duplicate search names");
      const [contactId] = contactIds as [number];
      await raiseAlert({ db, env }, { kind: "hidden", facts: { contactId, seenAt: Date.now() } });
    },

    assign: (wanting, dismissed) => assignResponsible({ db, pool, log, env }, wanting, dismissed),
  };
}

/**
 * A trace that was not tried may be sent later; every other one counts as sent. An erased person's row takes nothing any
 * more: the erasure on the portal has to know. The rows are locked by a statement of its own, since the next one then sees
 * an erasure that was carried out during the wait, which a statement that began before it would not.
 */
async function saveTraces(pool: Services["pool"], traces: Traced[], attempt: (trace: Traced) => number): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(lockedInOrder, [traces.map(({ userId }) => userId)]);
    await client.query(
      `with trace as (
         select * from unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::boolean[], $6::int[])
           as t("userId", "traceId", outcome, code, untried, attempt)
       ), erased as (
         update "Erasure" e set "traceId" = coalesce(trace."traceId", e."traceId"),
           "traceOpen" = trace."traceId" is null and trace.outcome <> 'NO'
         from trace where e."userId" = trace."userId" and e.state = 'pending'
       ), logged as (
         insert into "CrmLog" ("userId", method, outcome, code, "durationMs", attempt)
         select "userId", '${traceMethod}', outcome::"CrmOutcome", code, 0, attempt from trace where not untried
       )
       update "User" u set
         "crmTracedAt" = case when trace.untried then null else u."crmTracedAt" end,
         "crmTraceId" = coalesce(trace."traceId", u."crmTraceId")
       from trace where u.id = trace."userId"`,
      [
        traces.map(({ userId }) => userId),
        traces.map(({ traceId }) => traceId ?? null),
        traces.map(({ outcome }) => outcome),
        traces.map(({ code }) => code ?? null),
        traces.map(({ untried }) => untried),
        traces.map(attempt),
      ],
    );
  });
}

/** Shows the step in the person's own trace, also where one request carried several people. */
function traceStep({ userId, method, outcome, code, durationMs }: Step): void {
  const { traceparent } = requestOf(userId);
  if (traceparent === undefined) return;
  const span = startSpan(`step ${method}`, {
    traces: [traceparent],
    facts: { "user.id": userId, outcome },
    startedAt: Date.now() - durationMs,
  });
  if (code && outcome !== "OK") span.fail(code);
  span.end();
}

/**
 * Saves the outcome of one request in one statement: the rows of all its people and their log entries.
 *
 * A known outcome clears the in-flight marker, but for a look-up that failed: what an earlier request created is still to be
 * found. After an unknown outcome the marker is extended by the quarantine, because the request may still take effect,
 * unless it only read. Whether the product row is uncertain does not follow from the marker, which later answers clear. A
 * known id is kept unless the look-up has shown that it does not name a record of this person. With the id of a deal goes
 * the snapshot of it, which would otherwise say of the next deal that it was paid and had its products.
 *
 * A request that was lost, or rejected unread by a proxy, raises the uncertain count of all its people. From a count of
 * two on each of them is sent isolated. HTTP_429 does not count: isolated requests would be many more requests. What was
 * found settles what was uncertain.
 */
async function saveProgress(
  pool: Services["pool"],
  { steps, attempt, quarantineMs }: { steps: Step[]; attempt: (step: Step) => number; quarantineMs: number },
): Promise<void> {
  await pool.query(
    `with locked as materialized (${lockedInOrder}), step as (
       select * from unnest($1::int[], $2::int[], $3::int[], $4::boolean[], $5::text[], $6::text[], $7::text[], $8::int[], $9::int[],
                            $11::text[], $12::boolean[], $13::boolean[], $14::jsonb[], $15::text[],
                            $16::int[], $17::int[], $18::int[], $19::boolean[])
         as t("userId", "contactId", "dealId", done, outcome, method, code, "durationMs", attempt,
              "contactBy", "dropContact", "dropDeal", sale, "requestId", "responsibleId",
              "foundContactId", "foundDealId", "rowUncertain")
     ), forgotten as (
       delete from "DealSnapshot" s using locked join step on step."userId" = locked.id
       where s."userId" = locked.id and step."dropDeal" and s."dealId" is distinct from step."dealId"
     ), logged as (
       insert into "CrmLog" ("userId", method, outcome, code, "durationMs", attempt, "contactId", "dealId", "requestId")
       select "userId", method, outcome::"CrmOutcome", code, "durationMs", attempt, "contactId", "dealId", "requestId"
       from step
       union all
       select "userId", '${foundMethod}', 'OK', null, 0, attempt, "foundContactId", "foundDealId", "requestId"
       from step where coalesce("foundContactId", "foundDealId") is not null
     )
     update "User" u set
       "bitrix24ContactId" = coalesce(case when step."dropContact" then null else u."bitrix24ContactId" end,
                                      step."contactId"),
       "crmContactBy" = case when step."dropContact" or step."contactBy" is not null then step."contactBy"
                             else u."crmContactBy" end,
       "bitrix24DealId" = coalesce(case when step."dropDeal" then null else u."bitrix24DealId" end, step."dealId"),
       "crmResponsibleId" = coalesce(step."responsibleId", u."crmResponsibleId"),
       "crmInFlightUntil" = case when step.method = 'lookup' and step.outcome <> 'OK' then u."crmInFlightUntil"
                               when step.outcome <> 'UNKNOWN' then null
                               when step.method like '%.list' then u."crmInFlightUntil"
                               else clock_timestamp() + $10 * interval '1 millisecond' end,
       "crmUncertain" = case when coalesce(step."foundContactId", step."foundDealId") is not null then 0
                            when step.method = 'lookup' then u."crmUncertain"
                            when step.outcome = 'OK' then 0
                            when step.code = 'HTTP_429' then u."crmUncertain"
                            when step.outcome = 'UNKNOWN' or step.code like 'HTTP%' then u."crmUncertain" + 1
                            else u."crmUncertain" end,
       "crmState" = case when step.done then 'SYNCED'::"CrmState" else u."crmState" end,
       "crmRowUncertain" = not coalesce(step.done, false)
                           and coalesce(step."rowUncertain", u."crmRowUncertain" and not step."dropDeal"),
       "crmSale" = coalesce(step.sale, u."crmSale"),
       "crmSyncedAt" = case when step.done then clock_timestamp() else u."crmSyncedAt" end,
       "crmError" = case when step.done then null else u."crmError" end,
       "crmErrorField" = case when step.done then null else u."crmErrorField" end,
       "crmNextAttemptAt" = case when step.done then null else u."crmNextAttemptAt" end
     from locked join step on step."userId" = locked.id where u.id = locked.id`,
    [
      steps.map((step) => step.userId),
      steps.map((step) => step.contactId ?? null),
      steps.map((step) => step.dealId ?? null),
      steps.map((step) => step.done ?? false),
      steps.map((step) => step.outcome),
      steps.map((step) => step.method),
      steps.map((step) => step.code ?? null),
      steps.map((step) => Math.round(step.durationMs)),
      steps.map(attempt),
      quarantineMs,
      steps.map((step) => step.contactBy ?? null),
      steps.map((step) => step.dropContact ?? false),
      steps.map((step) => step.dropDeal ?? false),
      steps.map((step) => (step.sale ? JSON.stringify(step.sale) : null)),
      steps.map((step) => requestOf(step.userId).requestId ?? null),
      steps.map((step) => step.responsibleId ?? null),
      steps.map((step) => step.found?.contactId ?? null),
      steps.map((step) => step.found?.dealId ?? null),
      steps.map((step) => step.rowUncertain ?? null),
    ],
  );
}
