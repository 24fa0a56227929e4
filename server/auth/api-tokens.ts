import { randomBytes } from "node:crypto";
import type { Prisma } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import type { Tx } from "../database/db";
import { AppError } from "../platform/errors";
import { resentWithinMs } from "../platform/resent-form";
import { dayMs } from "../platform/time-zone";
import { tokenHash } from "../platform/token-hash";
import type { Services } from "../services";
import { isTokenScope, type TokenScope, tokenDays, tokenScopes } from "./token-scopes";

/** The prefix lets people and secret scanners tell what a found string opens. */
const prefix = "b24r_";
const bearer = /^Bearer +(b24r_[\w-]{43})$/i;
const lastUsedPrecisionMs = 60_000;

export interface ApiTokenView {
  id: number;
  name: string;
  userId: number;
  createdAt: string;
  expiresAt: string;
  scopes: TokenScope[];
  lastUsedAt: string | null;
  lastUsedAddress: string | null;
  revokedAt: string | null;
  state: "active" | "expired" | "revoked";
}

export type NewApiToken = ApiTokenView & { token: string };

export interface TokenOptions {
  name: string;
  /** All scopes if left out. */
  scopes?: readonly TokenScope[] | undefined;
  /** One year if left out. */
  days?: number | undefined;
  /**
   * The newest token that its maker has seen on the page. A newer token of the same maker and name that was made just now
   * comes from a duplicate submission of the same form: its value was never shown, so it is revoked.
   */
  seen?: number | undefined;
}

/** The hash of the header's token; null if the header carries no token of our format. */
export function bearerHash(authorization: string | null | undefined): string | null {
  const token = authorization && bearer.exec(authorization)?.[1];
  return token ? tokenHash(token) : null;
}

/** Makes a token that acts for its maker. This is the only moment at which its value is known. */
export async function createApiToken(
  { db }: Pick<Services, "db">,
  { actor, name, scopes = tokenScopes, days = tokenDays.usual, seen }: TokenOptions & { actor: Actor },
): Promise<NewApiToken> {
  // A token that could make tokens would outlive its own revocation.
  if (actor.kind !== "USER") throw new AppError("FORBIDDEN");
  const token = prefix + randomBytes(32).toString("base64url");
  const expiresAt = new Date(Date.now() + days * dayMs);
  const row = await db.$transaction(async (tx) => {
    if (seen !== undefined) await revokeUnseen(tx, actor, name, seen);
    const data = { userId: actor.id, name, hash: tokenHash(token), scopes: [...scopes], expiresAt };
    const made = await tx.apiToken.create({ data, select: view });
    await audit(tx, { actor, action: "token.create", targetId: actor.id, details: { tokenId: made.id } });
    return made;
  });
  return { ...toView(row), token };
}

async function revokeUnseen(tx: Tx, actor: Actor & { kind: "USER" }, name: string, seen: number): Promise<void> {
  // Serialises forms that arrive at the same moment.
  await tx.$queryRaw`select "id" from "User" where "id" = ${actor.id} for update`;
  const createdAt = { gt: new Date(Date.now() - resentWithinMs) };
  const unseen = await tx.apiToken.findMany({
    where: { userId: actor.id, name, id: { gt: seen }, createdAt, revokedAt: null, lastUsedAt: null },
    select: { id: true },
  });
  for (const { id } of unseen) {
    await tx.apiToken.update({ where: { id }, data: { revokedAt: new Date() }, select: { id: true } });
    await audit(tx, { actor, action: "token.revoke", targetId: actor.id, details: { tokenId: id } });
  }
}

/** All administrators' tokens, newest first, revoked ones included: history refers to them. */
export async function listApiTokens({ db }: Pick<Services, "db">): Promise<ApiTokenView[]> {
  const rows = await db.apiToken.findMany({ select: view, orderBy: { id: "desc" }, take: 500 });
  return rows.map(toView);
}

/** Revoking twice is harmless. Throws NOT_FOUND. */
export async function revokeApiToken(
  { db }: Pick<Services, "db">,
  { actor, id }: { actor: Actor; id: number },
): Promise<void> {
  if (actor.kind !== "USER") throw new AppError("FORBIDDEN");
  await db.$transaction(async (tx) => {
    const token = await tx.apiToken.findUnique({ where: { id }, select: { userId: true } });
    if (!token) throw new AppError("NOT_FOUND");
    const { count } = await tx.apiToken.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: new Date() } });
    if (count > 0) await audit(tx, { actor, action: "token.revoke", targetId: token.userId, details: { tokenId: id } });
  });
}

/**
 * Called in the transaction that sets a person's new password: tokens that an intruder may have made must not outlive
 * it.
 */
export async function revokeTokensOf(tx: Tx, userId: number): Promise<number> {
  const { count } = await tx.apiToken.updateMany({
    where: { userId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  return count;
}

/**
 * The actor of an Authorization header: null if the token is unknown, has expired or was revoked, or its owner is
 * no longer an administrator.
 */
export async function actorOfToken(
  { db }: Pick<Services, "db">,
  authorization: string | null | undefined,
  address?: string,
): Promise<Extract<Actor, { kind: "TOKEN" }> | null> {
  const hash = bearerHash(authorization);
  if (!hash) return null;
  const token = await db.apiToken.findUnique({
    where: { hash, revokedAt: null, expiresAt: { gt: new Date() }, user: { role: "ADMIN" } },
    select: { id: true, userId: true, lastUsedAt: true, scopes: true },
  });
  if (!token) return null;
  await recordUse(db, token, address);
  const { id, userId, scopes } = token;
  return { kind: "TOKEN", id, userId, role: "ADMIN", scopes: scopes.filter(isTokenScope) };
}

/**
 * Records a token's use at most once per `lastUsedPrecisionMs`: otherwise every read by a busy token would be a write.
 */
async function recordUse(
  db: Services["db"],
  token: { id: number; lastUsedAt: Date | null },
  address?: string,
): Promise<void> {
  const now = new Date();
  if (token.lastUsedAt && now.getTime() - token.lastUsedAt.getTime() < lastUsedPrecisionMs) return;
  await db.apiToken.updateMany({
    where: { id: token.id },
    data: { lastUsedAt: now, lastUsedAddress: address ?? null },
  });
}

/** The address of a token's last use is kept as long as those of sign-ins, also where the token has ended since. */
export async function forgetOldAddresses({ db, env }: Pick<Services, "db" | "env">): Promise<void> {
  if (env.RETAIN_LOG_DAYS === 0) return;
  const before = new Date(Date.now() - env.RETAIN_LOG_DAYS * dayMs);
  await db.apiToken.updateMany({
    where: { lastUsedAddress: { not: null }, lastUsedAt: { lt: before } },
    data: { lastUsedAddress: null },
  });
}

const view = {
  id: true,
  name: true,
  userId: true,
  createdAt: true,
  expiresAt: true,
  scopes: true,
  lastUsedAt: true,
  lastUsedAddress: true,
  revokedAt: true,
} as const;

type Row = Prisma.ApiTokenGetPayload<{ select: typeof view }>;

const toView = ({ createdAt, expiresAt, scopes, lastUsedAt, revokedAt, ...row }: Row): ApiTokenView => ({
  ...row,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  scopes: scopes.filter(isTokenScope),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  revokedAt: revokedAt?.toISOString() ?? null,
  state: revokedAt ? "revoked" : expiresAt <= new Date() ? "expired" : "active",
});
