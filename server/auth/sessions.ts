import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
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

/** A user's open sessions, the most recently used first. */
export async function listSessions(
  { db, env }: Pick<Services, "db" | "env">,
  userId: number,
  cookieHeader: string | null,
): Promise<SessionView[]> {
  const currentId = sessionIdOf(env, cookieHeader);
  const now = new Date();
  const sessions = await db.session.findMany({
    where: { userId, expiresAt: { gt: now } },
    orderBy: [{ lastSeenAt: "desc" }, { id: "asc" }],
    take: 100,
    include: { user: { select: { role: true } } },
  });
  const open = sessions.filter((session) => isAlive(session.user.role, session, now));
  return open.map(({ id, userAgent, createdAt, lastSeenAt }) => ({
    id,
    userAgent,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    current: id === currentId,
  }));
}

/** Ends one of the user's own sessions. Ending it twice, or naming another user's session, changes nothing. */
export async function endSession({ db }: Pick<Services, "db">, userId: number, sessionId: string): Promise<void> {
  await db.session.deleteMany({ where: { id: sessionId, userId } });
}

/** Ends all of a user's sessions. It is audited unless the user does it. */
export async function endAllSessions(
  { db }: Pick<Services, "db">,
  { actor, userId }: { actor: Actor; userId: number },
): Promise<{ ended: number }> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.session.deleteMany({ where: { userId } });
    if (actor.kind !== "USER" || actor.id !== userId)
      await audit(tx, { actor, action: "session.endAll", targetId: userId, details: { ended: count } });
    return { ended: count };
  });
}
