import { parseId } from "../platform/ids";
import { isMoment } from "../platform/moments";

/**
 * The part of the backlog that a page shows, as written in its URL. Does not import the database, so that the browser
 * can build links with it.
 */

/**
 * Registrations that are not complete: waiting for their first attempt, after a failed attempt, and failed permanently.
 */
export const backlogKinds = ["waiting", "retrying", "failed"] as const;
export type BacklogKind = (typeof backlogKinds)[number];

/** The last row of a page, as the next page's URL contains it. */
export interface BacklogCursor {
  createdAt: Date;
  id: number;
}

/** The cursor in a URL, or null if it is invalid. */
export function parseBacklogCursor(text: string | null): BacklogCursor | null {
  const [, time, last] = /^(-?\d{1,14})-(\d+)$/.exec(text ?? "") ?? [];
  const id = parseId(last);
  return time && isMoment(Number(time)) && id !== null ? { createdAt: new Date(Number(time)), id } : null;
}
