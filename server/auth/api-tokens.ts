import { createHash, randomBytes } from "node:crypto";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { AppError } from "../platform/errors";
import type { Services } from "../services";

/** The prefix lets people and secret scanners tell what a found string opens. */
const prefix = "b24r_";
const bearer = /^Bearer +(b24r_[\w-]{43})$/i;
const lastUsedPrecisionMs = 60_000;

export interface ApiTokenView {
  id: number;
  name: string;
  userId: number;
  createdAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

/** Hashed without salt: 256 random bits cannot be guessed, and the hash must be found by index. */
const hashToken = (token: string) => createHash("sha256").update(token).digest("hex");

/** The hash of the header's token, or null where the header carries none of our form. */
export function bearerHash(authorization: string | null | undefined): string | null {
  const token = authorization && bearer.exec(authorization)?.[1];
  return token ? hashToken(token) : null;
}

/** Makes a token that acts for its maker. This is the only moment at which its value is known. */
export async function createApiToken(
  { db }: Pick<Services, "db">,
  { actor, name }: { actor: Actor; name: string },
): Promise<ApiTokenView & { token: string }> {
  // A token that could make tokens would outlive its own revocation.
  if (actor.kind !== "USER") throw new AppError("FORBIDDEN");
  const token = prefix + randomBytes(32).toString("base64url");
  const row = await db.$transaction(async (tx) => {
    const made = await tx.apiToken.create({ data: { userId: actor.id, name, hash: hashToken(token) }, select: view });
    await audit(tx, { actor, action: "token.create", targetId: actor.id, details: { tokenId: made.id } });
    return made;
  });
  return { ...toView(row), token };
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

/** Who stands behind an Authorization header: null if the token is unknown or revoked, or its owner no longer an administrator. */
export async function actorOfToken(
  { db }: Pick<Services, "db">,
  authorization: string | null | undefined,
): Promise<Extract<Actor, { kind: "TOKEN" }> | null> {
  const hash = bearerHash(authorization);
  if (!hash) return null;
  const token = await db.apiToken.findUnique({
    where: { hash, revokedAt: null, user: { role: "ADMIN" } },
    select: { id: true, userId: true, lastUsedAt: true },
  });
  if (!token) return null;
  await touch(db, token);
  return { kind: "TOKEN", id: token.id, userId: token.userId, role: "ADMIN" };
}

/** A busy token must not turn every read into a write. */
async function touch(db: Services["db"], token: { id: number; lastUsedAt: Date | null }): Promise<void> {
  const now = new Date();
  if (token.lastUsedAt && now.getTime() - token.lastUsedAt.getTime() < lastUsedPrecisionMs) return;
  await db.apiToken.updateMany({ where: { id: token.id }, data: { lastUsedAt: now } });
}

const view = { id: true, name: true, userId: true, createdAt: true, lastUsedAt: true, revokedAt: true } as const;

function toView({
  createdAt,
  lastUsedAt,
  revokedAt,
  ...row
}: {
  id: number;
  name: string;
  userId: number;
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}): ApiTokenView {
  return {
    ...row,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
