import { data } from "@remix-run/node";
import { maxId } from "~server/platform/max-id";

/** The id in a page's address. What is no number was never one of ours (400); what is too large does not exist (404). */
export function pageId(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw data(null, { status: 400 });
  const id = Number(text);
  if (id < 1 || id > maxId) throw data(null, { status: 404 });
  return id;
}
