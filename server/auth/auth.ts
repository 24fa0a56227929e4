import type { Actor } from "../audit/actor";
import type { Tx } from "../database/db";
import { deletePortion, type OldRows } from "../database/old-rows";
import type { Services } from "../services";
import { actorOfToken } from "./api-tokens";
import { clearedSessionCookie, newSessionCookie, sessionIdOf } from "./session-cookie";
import { expiryOf, isAlive, lifeOf } from "./session-life";
import { lockUnchanged, type Verified } from "./verified";

type AuthServices = Pick<Services, "db" | "env">;
/** Also in a transaction. */
type TxServices = Pick<Services, "env"> & { db: Tx };

/** A session's row but for its person. */
export interface NewSession {
  id: string;
  userAgent: string | null;
  createdAt: Date;
  lastSeenAt: Date;
  confirmedAt: Date;
  expiresAt: Date;
}

/** A session that is open once its row is written, and its Set-Cookie. An administrator's session is shorter. */
export function newSession(
  env: AuthServices["env"],
  userAgent: string | null,
  role: "USER" | "ADMIN" = "USER",
): { session: NewSession; setCookie: string } {
  const { sessionId, setCookie } = newSessionCookie(env);
  const now = new Date();
  const session = {
    id: sessionId,
    userAgent: userAgent?.slice(0, 255) ?? null,
    createdAt: now,
    lastSeenAt: now,
    confirmedAt: now,
    expiresAt: expiryOf(role, now, now),
  };
  return { session, setCookie };
}

/** Opens a session and returns its Set-Cookie. */
export async function startSession(
  { db, env }: TxServices,
  userId: number,
  userAgent: string | null,
  role?: "USER" | "ADMIN",
): Promise<string> {
  const { session, setCookie } = newSession(env, userAgent, role);
  // createMany, since nothing is read back.
  await db.session.createMany({ data: { ...session, userId } });
  return setCookie;
}

export const expiredSessions = (): OldRows => ({ table: "Session", column: "expiresAt", before: new Date() });

/**
 * Each sign-in deletes expired sessions, which an index makes cheap; on a site without sign-ins the purge deletes them. Locked
 * sessions are skipped: ending a person's sessions locks them in another order, and waiting could be a deadlock. Never within a
 * transaction, which would keep other people's sessions locked until its end.
 */
export async function dropExpiredSessions({ db }: Pick<AuthServices, "db">): Promise<void> {
  await deletePortion(db, expiredSessions());
}

/**
 * Opens a session of a person whose password, and code if one is required, were verified, and returns its Set-Cookie.
 * Null if the password or the second factor was changed since: who knows the old one must not get in after the change
 * has ended all sessions. In the caller's transaction, which locks the person.
 */
export async function openVerified(
  { db, env }: TxServices,
  { role, ...verified }: Verified & { role: "USER" | "ADMIN" },
  userAgent: string | null,
): Promise<string | null> {
  if (!(await lockUnchanged(db, verified))) return null;
  const { session, setCookie } = newSession(env, userAgent, role);
  const opened = await db.$executeRaw`
    insert into "Session" (id, "userId", "userAgent", "createdAt", "lastSeenAt", "confirmedAt", "expiresAt")
    select ${session.id}, id, ${session.userAgent}, ${session.createdAt}::timestamptz, ${session.lastSeenAt}::timestamptz,
      ${session.confirmedAt}::timestamptz, ${session.expiresAt}::timestamptz
    from "User" where id = ${verified.id} and ${verified.secondFactor?.enabledAt ?? null}::timestamptz
      is not distinct from (select "enabledAt" from "SecondFactor" where "userId" = ${verified.id})`;
  return opened > 0 ? setCookie : null;
}

/** Ends the session that the request carries, if any, and returns the Set-Cookie that removes it. */
export async function signOut({ db, env }: AuthServices, cookieHeader: string | null): Promise<string> {
  const id = sessionIdOf(env, cookieHeader);
  if (id) await db.session.deleteMany({ where: { id } });
  return clearedSessionCookie(env);
}

/** Whether the request carries a bearer token. Basic is ignored: a proxy in front may ask for it. */
export const isBearer = (request: Request): boolean =>
  request.headers.get("authorization")?.toLowerCase().startsWith("bearer ") ?? false;

/**
 * The actor of this request: the administrator of a bearer token, else the session's user, else null. The role is read
 * from the database each time, so taking a role away works at once. `address` is stored as the token's last use.
 */
export async function authenticate(services: AuthServices, request: Request, address?: string): Promise<Actor | null> {
  // A wrong token does not fall back on the cookie.
  if (isBearer(request)) return actorOfToken(services, request.headers.get("authorization"), address);
  return actorOfSession(services, request.headers.get("cookie"));
}

async function actorOfSession({ db, env }: AuthServices, cookieHeader: string | null): Promise<Actor | null> {
  const id = sessionIdOf(env, cookieHeader);
  if (!id) return null;
  const now = new Date();
  // One statement, where Prisma sends one for each table: it precedes every page of a signed-in person.
  const [session] = await db.$queryRaw<SessionRow[]>`
    select s."createdAt", s."lastSeenAt", u.id as "userId", u.role::text as role,
      exists (select from "SecondFactor" f where f."userId" = u.id) as "hasFactor"
    from "Session" s join "User" u on u.id = s."userId" where s.id = ${id} and s."expiresAt" > ${now}`;
  if (!session) return null;
  const { userId, role } = session;
  if (!isAlive(role, session, now)) return null;
  if (now.getTime() - session.lastSeenAt.getTime() > lifeOf(role).touchMs) {
    // updateMany, because the session may have ended in between.
    await db.session.updateMany({
      where: { id },
      data: { lastSeenAt: now, expiresAt: expiryOf(role, session.createdAt, now) },
    });
  }
  const actor = { kind: "USER", id: userId, role } as const;
  const mustEnrol = role === "ADMIN" && env.ADMIN_TOTP === "required" && !session.hasFactor;
  return mustEnrol ? { ...actor, role: "USER", mustEnrol } : actor;
}

interface SessionRow {
  createdAt: Date;
  lastSeenAt: Date;
  userId: number;
  role: "USER" | "ADMIN";
  hasFactor: boolean;
}
