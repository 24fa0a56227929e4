import { data } from "@remix-run/node";
import { parseId } from "~server/platform/ids";

/** The id in a page's address. What is no number was never one of ours (400); what is too large does not exist (404). */
export function pageId(text: string | undefined): number {
  const id = parseId(text);
  if (id === null) throw data(null, { status: /^\d+$/.test(text ?? "") ? 404 : 400 });
  return id;
}
