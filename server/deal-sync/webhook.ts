import { createHash, timingSafeEqual } from "node:crypto";
import { parse } from "qs";
import { z } from "zod";
import { AppError } from "../platform/errors";
import { maxId } from "../platform/ids";
import type { Services } from "../services";

/** One call of the portal's outgoing webhook. Every value is a string, and of the record only the id is sent. */
const eventSchema = z.object({
  event: z.string().max(100),
  data: z.object({ FIELDS: z.object({ ID: z.coerce.number().int().positive().max(maxId) }) }),
  auth: z.object({ application_token: z.string() }),
});

/** A limit for contacts that many people share: one event must not start thousands of comparisons. */
const maxPeople = 100;

const sha256 = (text: string) => createHash("sha256").update(text).digest();

/**
 * Treats an event as a hint that something may have changed; it may arrive once, twice, never or out of order. It only
 * enqueues a comparison for the people concerned; several events before that comparison share one job. Throws FORBIDDEN
 * without the portal's token, and INVALID for malformed events.
 */
export async function takeEvent(
  { db, queue, env, log }: Pick<Services, "db" | "queue" | "env" | "log">,
  body: string,
): Promise<void> {
  const fields: unknown = parse(body, { depth: 3, parameterLimit: 50 });
  const given = (fields as { auth?: { application_token?: unknown } }).auth?.application_token;
  const token = env.BITRIX24_EVENT_TOKEN;
  // Digests have equal lengths, so the comparison takes the same time for every length and content.
  if (!token || typeof given !== "string" || !timingSafeEqual(sha256(given), sha256(token)))
    throw new AppError("FORBIDDEN");
  const parsed = eventSchema.safeParse(fields);
  if (!parsed.success) throw new AppError("INVALID", { cause: parsed.error });

  const { event, data } = parsed.data;
  const id = data.FIELDS.ID;
  const name = event.toUpperCase();
  const where = name.startsWith("ONCRMDEAL")
    ? { bitrix24DealId: id }
    : name.startsWith("ONCRMCONTACT")
      ? { bitrix24ContactId: id }
      : undefined;
  if (!where) return;
  const people = await db.user.findMany({ where, select: { id: true }, take: maxPeople });
  if (people.length === 0) return;
  log.info({ event: name, portalId: id, people: people.length }, "event received from the portal");
  // In id order, so that overlapping events wait for each other's jobs instead of deadlocking.
  const userIds = people.map((person) => person.id).sort((a, b) => a - b);
  await db.$transaction((tx) => queue.enqueueMany(tx, "crm-payment", userIds));
}
