/** How long a session lives without use, how long at most, and how often its use is recorded. */
export interface SessionLife {
  idleMs: number;
  longestMs: number;
  touchMs: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const lives: Record<"USER" | "ADMIN", SessionLife> = {
  // Recorded once an hour: a page view must not become a write, and an hour is exact enough for a month.
  USER: { idleMs: 30 * day, longestMs: 365 * day, touchMs: hour },
  ADMIN: { idleMs: 12 * hour, longestMs: 7 * day, touchMs: 5 * minute },
};

export const lifeOf = (role: "USER" | "ADMIN"): SessionLife => lives[role];

/** When a session that is used now ends, if it is not used again. */
export function expiryOf(role: "USER" | "ADMIN", createdAt: Date, now: Date): Date {
  const { idleMs, longestMs } = lifeOf(role);
  return new Date(Math.min(now.getTime() + idleMs, createdAt.getTime() + longestMs));
}

/**
 * Whether the session is alive under the present role: it may have been opened before its user became an administrator.
 */
export function isAlive(role: "USER" | "ADMIN", session: { createdAt: Date; lastSeenAt: Date }, now: Date): boolean {
  const { idleMs, longestMs } = lifeOf(role);
  const age = now.getTime() - session.createdAt.getTime();
  return age < longestMs && now.getTime() - session.lastSeenAt.getTime() < idleMs;
}
