import type { World } from "../world";
import { formatDateTime } from "./dates";
import type { PortalError } from "./errors";
import { emptyMap, type Value, type ValueMap } from "./values";

/** What a method gives back. `total` and `next` stand beside the result, and only lists have them. */
export interface Reply {
  result: Value;
  total?: number;
  next?: number;
  /** Only of writes: whether anything was different afterwards. Goes to the call log, not to the client. */
  changed?: boolean;
}

export function successBody(reply: Reply, time: ValueMap): ValueMap {
  const body = emptyMap();
  body.result = reply.result;
  if (reply.total !== undefined) body.total = reply.total;
  if (reply.next !== undefined) body.next = reply.next;
  body.time = time;
  return body;
}

/** Neither `result` nor `time`: that, and not the code, tells an error from a success. */
export function errorBody(world: World, { code, message }: PortalError): ValueMap {
  const error = world.settings.switches.numericCodes === "string" ? String(code) : code;
  return { error, error_description: message };
}

/** The figures of one call; the operating members only where the portal keeps that account. */
export function timeOf(world: World, seconds: number, operating?: { seconds: number; resetAt: number }): ValueMap {
  const { settings, clock } = world;
  const start = clock.now();
  const finish = start + seconds * 1000;
  const time: ValueMap = {
    start: start / 1000,
    finish: finish / 1000,
    duration: seconds,
    processing: seconds,
    date_start: formatDateTime(start, settings.utcOffsetMinutes),
    date_finish: formatDateTime(finish, settings.utcOffsetMinutes),
  };
  if (!operating || settings.switches.operating === "absent") return time;
  if (settings.switches.operating === "full") time.operating_reset_at = Math.floor(operating.resetAt / 1000);
  time.operating = operating.seconds;
  return time;
}

export function jsonResponse(body: ValueMap, status = 200): Response {
  return new Response(encode(body), { status, headers: { "content-type": "application/json; charset=utf-8" } });
}

export function htmlResponse(title: string, status: number): Response {
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return new Response(body, { status, headers: { "content-type": "text/html; charset=utf-8" } });
}

/** As PHP writes JSON: slashes and everything beyond ASCII escaped, so that nobody compares raw text. */
function encode(body: ValueMap): string {
  return JSON.stringify(body)
    .replaceAll("/", "\\/")
    .replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
