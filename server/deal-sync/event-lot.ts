import { gather } from "../platform/gather";
import { inWorkOn, type RequestTrace, requestOf } from "../platform/request-trace";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "queue">;

/** What an event names: a deal or a contact, by its id on the portal. */
export interface EventSubject {
  kind: "deal" | "contact";
  id: number;
}

interface Received {
  subject: EventSubject;
  trace: RequestTrace;
}

/** A limit for contacts that many people share: one event must not start thousands of comparisons. */
const maxPeople = 100;
/** A portal may send hundreds at once, after a whole list was changed. */
const maxEvents = 250;

const lots = new WeakMap<Deps["queue"], (received: Received) => Promise<number>>();

/**
 * Enqueues a comparison for the people whom the event concerns; returns how many there are. Events that arrive together
 * share their statements.
 */
export function enqueueComparison({ db, queue }: Deps, subject: EventSubject): Promise<number> {
  const enqueue = lots.get(queue) ?? gather((lot) => enqueueLot({ db, queue }, lot), { most: maxEvents });
  lots.set(queue, enqueue);
  return enqueue({ subject, trace: requestOf(undefined) });
}

async function enqueueLot({ db, queue }: Deps, lot: Received[]): Promise<number[]> {
  const subjects = JSON.stringify(lot.map(({ subject }, event) => ({ event, ...subject })));
  const found = await db.$queryRaw<{ event: number; userId: number }[]>`
    select event, person.id as "userId"
    from jsonb_to_recordset(${subjects}::jsonb) as subject (event int, kind text, id int)
    cross join lateral (
      (select u.id from "User" u where subject.kind = 'deal' and u."bitrix24DealId" = subject.id limit ${maxPeople})
      union all
      (select u.id from "User" u where subject.kind = 'contact' and u."bitrix24ContactId" = subject.id limit ${maxPeople})
    ) person`;
  const counts = lot.map(() => 0);
  for (const { event } of found) counts[event] = (counts[event] ?? 0) + 1;
  // In id order, so that lots of two processes wait for each other's jobs instead of deadlocking.
  const traces = new Map(found.map(({ userId, event }) => [userId, lot[event]?.trace ?? {}]));
  if (traces.size === 0) return counts;
  const userIds = [...traces.keys()].sort((a, b) => a - b);
  await inWorkOn(traces, () => db.$transaction((tx) => queue.enqueueMany(tx, "crm-payment", userIds)));
  return counts;
}
