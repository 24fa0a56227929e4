import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import type { Tx } from "../database/db";
import { lockPerson } from "../database/lock-person";
import type { Services } from "../services";
import { sessionIdOf } from "./session-cookie";
import { isAlive } from "./session-life";

export interface SessionView {
  id: string;
  userAgent: string | null;
  createdAt: string;
  lastSeenAt: string;
  /** The session of the request that asks. */
  current: boolean;
}

/** What is read of a session for its view. */
export interface SessionRow {
  id: string;
  userAgent: string | null;
  createdAt: Date;
  lastSeenAt: Date;
}

/** More are not shown. */
export const shownSessions = 100;

/** A user's open sessions, the most recently used first. */
export async function listSessions(
  { db, env }: Pick<Services, "env"> & { db: Tx },
  userId: number,
  cookieHeader: string | null,
): Promise<SessionView[]> {
  const sessions = await db.session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    orderBy: [{ lastSeenAt: "desc" }, { id: "asc" }],
    take: shownSessions,
    include: { user: { select: { role: true } } },
  });
  return viewSessions(env, sessions[0]?.user.role ?? "USER", sessions, cookieHeader);
}

/** Those of a user's sessions that are alive, as people see them. */
export function viewSessions(
  env: Services["env"],
  role: "USER" | "ADMIN",
  sessions: SessionRow[],
  cookieHeader: string | null,
): SessionView[] {
  const currentId = sessionIdOf(env, cookieHeader);
  const now = new Date();
  return sessions
    .filter((session) => isAlive(role, session, now))
    .map(({ id, userAgent, createdAt, lastSeenAt }) => ({
      id,
      userAgent,
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
      current: id === currentId,
    }));
}

/**
 * Ends one of the user's own sessions, and with it a change of address that was asked for, which may have been that session's;
 * not if it is the session of the cookie, whose person is at it. Ending it twice, or naming another user's session,
 * changes nothing.
 */
export async function endSession(
  { db, env }: Pick<Services, "db" | "env">,
  { userId, sessionId, cookieHeader }: { userId: number; sessionId: string; cookieHeader: string | null },
): Promise<void> {
  await db.$transaction(async (tx) => {
    await lockPerson(tx, userId);
    const { count } = await tx.session.deleteMany({ where: { id: sessionId, userId } });
    if (count > 0 && sessionId !== sessionIdOf(env, cookieHeader))
      await tx.emailConfirmation.deleteMany({ where: { userId, purpose: "change" } });
  });
}

/**
 * Ends a user's sessions but for `except`, and with them a change of address that was asked for: who had got into a
 * session may have asked, and the mailed link would work without it. The caller has locked the person. Returns how many
 * sessions ended.
 */
export async function endSessionsOf(tx: Tx, userId: number, except?: string | null): Promise<number> {
  await tx.emailConfirmation.deleteMany({ where: { userId, purpose: "change" } });
  const { count } = await tx.session.deleteMany({ where: { userId, ...(except ? { id: { not: except } } : {}) } });
  return count;
}

/** Ends all of a user's sessions, as endSessionsOf does. It is audited unless the user does it. */
export async function endAllSessions(
  { db }: Pick<Services, "db">,
  { actor, userId }: { actor: Actor; userId: number },
): Promise<{ ended: number }> {
  return db.$transaction(async (tx) => {
    await lockPerson(tx, userId);
    const ended = await endSessionsOf(tx, userId);
    if (actor.kind !== "USER" || actor.id !== userId)
      await audit(tx, { actor, action: "session.endAll", targetId: userId, details: { ended } });
    return { ended };
  });
}
