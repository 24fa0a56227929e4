import { parseId } from "../platform/ids";

/** Which part of the backlog a page shows, as its address says it. Free of the database, so that pages build links with it. */

/** What has not arrived: those that wait their turn, those whose last attempt failed, those that failed permanently. */
export const backlogKinds = ["waiting", "retrying", "failed"] as const;
export type BacklogKind = (typeof backlogKinds)[number];

/** Where a page ended, as the next page's address names it. */
export interface BacklogCursor {
  createdAt: Date;
  id: number;
}

/** The cursor of an address, or null if it is none. */
export function parseBacklogCursor(text: string | null): BacklogCursor | null {
  const [, time, last] = /^(\d{1,14})-(\d+)$/.exec(text ?? "") ?? [];
  const id = parseId(last);
  return time && id !== null ? { createdAt: new Date(Number(time)), id } : null;
}
