import { defaultSecret } from "./administration";
import type { Portal } from "./portal";

export interface Answer {
  status: number;
  headers: Headers;
  body: Body;
}

/** What the tests look at; the envelope differs from method to method. */
interface Body {
  result: unknown;
  total?: number;
  next?: number;
  time?: { operating?: number; operating_reset_at?: number; duration: number; date_start: string };
  error?: string | number;
  error_description?: string;
}

/** The five maps of a batch. */
interface BatchResult {
  result: Record<string, unknown>;
  result_error: Record<string, { error: string | number; error_description: string }>;
  result_total: Record<string, number>;
  result_next: Record<string, number>;
  result_time: Record<string, { operating?: number }>;
}

const webhook = `1/${defaultSecret}`;

/** Calls a method in this process, with JSON, as the product's client does. */
export function callPortal(portal: Portal, method: string, params: object = {}): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  return sendTo(portal, `/rest/${webhook}/${method}.json`, { method: "POST", headers, body: JSON.stringify(params) });
}

/** Sends any request; for those that are about the request itself. */
export async function sendTo(portal: Portal, path: string, init: RequestInit = {}, address?: string): Promise<Answer> {
  const response = await portal.handle(new Request(`https://portal.example${path}`, init), address);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

export async function callBatch(portal: Portal, cmd: object, halt: 0 | 1 = 0): Promise<BatchResult> {
  const { body } = await callPortal(portal, "batch", { halt, cmd });
  return body.result as BatchResult;
}

/** The id in the answer of `crm.item.add`, `crm.contact.add` or `crm.deal.add`. */
export function idOf({ body }: Answer): number {
  if (typeof body.result === "number") return body.result;
  return (body.result as { item: { id: number } }).item.id;
}
