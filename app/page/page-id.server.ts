import { data } from "@remix-run/node";
import { isAppError } from "~server/platform/errors";
import { parseId } from "~server/platform/ids";

/** The id in a page's address. Whatever is none of ours leads to no page: an unknown number, and text that is no number. */
export function pageId(text: string | undefined): number {
  const id = parseId(text);
  if (id === null) throw data(null, { status: 404 });
  return id;
}

/** The id that a form sends. What is no number was never in a form of ours (400); what is too large does not exist (404). */
export function sentId(value: unknown): number {
  const id = parseId(value);
  if (id === null) throw data(null, { status: /^\d+$/.test(String(value)) ? 404 : 400 });
  return id;
}

/** Throws the error as a page answers it: 404 where what the page or its form names does not exist, any other as it is. */
export function throwAsPage(error: unknown): never {
  if (isAppError(error, "NOT_FOUND")) throw data(null, { status: 404 });
  throw error;
}
