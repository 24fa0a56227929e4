import { elapsedMs } from "../platform/elapsed";
import type { Services } from "../services";

/** Each process writes either time at most once a minute: the portal sends an event for every change. */
const apartMs = 60_000;

/** Accepted, and refused for a token that is not ours. */
type EventTime = "eventAt" | "eventRefusedAt";

const written = new WeakMap<Services["db"], Map<EventTime, number>>();

/** Notes that an event came, for the connection check. Whether it can be noted decides nothing about the event. */
export async function noteEvent({ db, log }: Pick<Services, "db" | "log">, time: EventTime): Promise<void> {
  const times = written.get(db) ?? new Map<EventTime, number>();
  written.set(db, times);
  if (elapsedMs() - (times.get(time) ?? Number.NEGATIVE_INFINITY) < apartMs) return;
  times.set(time, elapsedMs());
  try {
    await db.crmPortal.updateMany({ where: { id: 1 }, data: { [time]: new Date() } });
  } catch (err) {
    times.delete(time);
    log.warn({ err }, "the time of the portal's event could not be noted");
  }
}

/** Whether the portal's last event, as far as is known, was refused for its token. */
export async function isLastEventRefused({ db }: Pick<Services, "db">): Promise<boolean> {
  const { eventAt, eventRefusedAt } = await db.crmPortal.findUniqueOrThrow({
    where: { id: 1 },
    select: { eventAt: true, eventRefusedAt: true },
  });
  return eventRefusedAt !== null && (eventAt === null || eventRefusedAt > eventAt);
}
