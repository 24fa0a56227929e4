import { AsyncLocalStorage } from "node:async_hooks";

/**
 * What a job keeps of the request that made it: the id by which the logs name that request, and where its trace goes on, in
 * the form of the W3C's header `traceparent`. Nothing personal.
 */
export interface RequestTrace {
  requestId?: string | undefined;
  traceparent?: string | undefined;
}

/** What is being carried out: a request, or jobs of people, each with the request that it comes from. */
type Work = RequestTrace | { byUser: ReadonlyMap<number, RequestTrace> };

/** Kept by Node along everything that is awaited, so that no function between request and log has to hand it on. */
const work = new AsyncLocalStorage<Work>();

/** Carries out a request: its log lines and the jobs that it makes bear its id. */
export const inRequest = <T>(trace: RequestTrace, carryOut: () => T): T => work.run(trace, carryOut);

/** Carries out jobs: log lines and further jobs of each person bear the id of the request that the job comes from. */
export const inWorkOn = <T>(byUser: ReadonlyMap<number, RequestTrace>, carryOut: () => T): T =>
  work.run({ byUser }, carryOut);

/** The request that the present work on a person comes from; empty if it comes from none, such as the nightly one. */
export function requestOf(userId: unknown): RequestTrace {
  const present = work.getStore();
  if (!present) return {};
  if (!("byUser" in present)) return present;
  return (typeof userId === "number" && present.byUser.get(userId)) || {};
}

/** Where the traces of the present work go on: of one request, or of all people whose jobs are carried out together. */
export function presentTraces(): string[] {
  const present = work.getStore();
  if (!present) return [];
  const traces = "byUser" in present ? [...present.byUser.values()] : [present];
  return traces.flatMap(({ traceparent }) => traceparent ?? []);
}

/** For what one request happens to start and what serves all of them, such as watching the database. */
export const outsideRequests = <T>(carryOut: () => T): T => work.exit(carryOut);
