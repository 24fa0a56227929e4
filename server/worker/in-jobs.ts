import { inWorkOn, type RequestTrace } from "../platform/request-trace";
import { type Span, startSpan } from "../platform/tracing";
import type { Job, QueueName } from "../queue/queue";

/**
 * Carries out fetched jobs. What is logged of each person, and every further job, bears the id of the request that the job
 * comes from; in that request's trace the job is a part, with the requests to the portal inside it.
 */
export function inJobs<T>(queue: QueueName, jobs: Job[], carryOut: () => Promise<T>): Promise<T> {
  const spans: Span[] = [];
  const byUser = new Map<number, RequestTrace>();
  for (const { userId, trace } of jobs) {
    const span = startSpan(queue, {
      kind: "consumer",
      traces: trace?.traceparent ? [trace.traceparent] : [],
      facts: { "user.id": userId, ...(trace?.requestId && { "request.id": trace.requestId }) },
    });
    spans.push(span);
    byUser.set(userId, { requestId: trace?.requestId, traceparent: span.traceparent });
  }
  return inWorkOn(byUser, carryOut).finally(() => {
    for (const span of spans) span.end();
  });
}
