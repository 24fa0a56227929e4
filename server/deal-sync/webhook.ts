import { createHash, timingSafeEqual } from "node:crypto";
import { parse } from "qs";
import { z } from "zod";
import { AppError } from "../platform/errors";
import { maxId } from "../platform/ids";
import type { Services } from "../services";
import { enqueueComparison } from "./event-lot";
import { noteEvent } from "./event-times";

/** One call of the portal's outgoing webhook. Every value is a string. */
const eventSchema = z.object({ event: z.string().max(100) });

/** What an event of the CRM tells of its record: the id alone. Events of tasks, chats and others have other fields. */
const recordSchema = z.object({
  data: z.object({ FIELDS: z.object({ ID: z.coerce.number().int().positive().max(maxId) }) }),
});

const sha256 = (text: string) => createHash("sha256").update(text).digest();

/**
 * Treats an event as a hint that something may have changed; it may arrive once, twice, never or out of order. It only
 * enqueues a comparison for the people concerned; several events before that comparison share one job, and those that
 * arrive together the statements. Throws FORBIDDEN without the portal's token, and INVALID for malformed events.
 */
export async function takeEvent(
  services: Pick<Services, "db" | "queue" | "env" | "log" | "bitrix24">,
  body: string,
): Promise<void> {
  // The token comes last, behind all fields of the record: of a user they are more than a hundred.
  const sent = new URLSearchParams(body);
  const given = sent.get("auth[application_token]");
  const token = services.env.BITRIX24_EVENT_TOKEN;
  // Digests have equal lengths, so the comparison takes the same time for every length and content.
  if (!token || given === null || !timingSafeEqual(sha256(given), sha256(token))) {
    // A new webhook there has another token. Strangers can guess the portal's name: this is told as a fact, and is no alarm.
    if (token && sent.get("auth[domain]") === services.bitrix24.client.host)
      await noteEvent(services, "eventRefusedAt");
    throw new AppError("FORBIDDEN");
  }
  await noteEvent(services, "eventAt");
  const fields: unknown = parse(body, { depth: 3, parameterLimit: 1_000 });
  const name = read(eventSchema, fields).event.toUpperCase();
  const kind = name.startsWith("ONCRMDEAL") ? "deal" : name.startsWith("ONCRMCONTACT") ? "contact" : undefined;
  // The owner may have ticked more events than needed.
  if (!kind) return;
  const id = read(recordSchema, fields).data.FIELDS.ID;
  const people = await enqueueComparison(services, { kind, id });
  if (people > 0) services.log.info({ event: name, portalId: id, people }, "event received from the portal");
}

function read<T>(schema: z.ZodType<T>, fields: unknown): T {
  const parsed = schema.safeParse(fields);
  if (!parsed.success) throw new AppError("INVALID", { cause: parsed.error });
  return parsed.data;
}
