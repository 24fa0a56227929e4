import { parseSeenId } from "~server/platform/ids";
import { isWebhookEvent, type WebhookEvent } from "~server/webhooks/events";
import { type UrlProblem, urlProblem } from "~server/webhooks/public-address";
import { maxUrlLength } from "~server/webhooks/webhooks";

/** A rejected form: its problem and its input. */
export interface RefusedWebhook {
  problem: UrlProblem | "long" | "many" | null;
  url: string;
  events: string[];
}

/** The posted form of a new webhook, or what is wrong with it; null if it is no such form. */
export function readWebhookRequest(
  form: FormData,
  allowed: { internalHosts: readonly string[] },
): { asked: { url: string; events: WebhookEvent[]; seen: number | undefined } } | { refused: RefusedWebhook } | null {
  const given = form.get("url");
  if (typeof given !== "string") return null;
  const url = given.trim();
  const events = form.getAll("event").filter(isWebhookEvent);
  const problem = url.length > maxUrlLength ? ("long" as const) : urlProblem(url, allowed);
  if (problem || events.length === 0) return { refused: { problem, url: given.slice(0, maxUrlLength), events } };
  return { asked: { url, events, seen: parseSeenId(form.get("seen")) } };
}
