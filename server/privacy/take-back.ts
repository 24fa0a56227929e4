import { systemActor } from "../audit/actor";
import type { Tx } from "../database/db";
import { tokenHash } from "../platform/token-hash";
import type { Services } from "../services";
import { erasePerson } from "./erase";

/** The mailed link that proves the address. */
export interface MailedLink {
  kind: "confirm" | "reset";
  token: string;
}

type Deps = Pick<Services, "db" | "queue" | "env" | "log">;

/**
 * A registration that the owner of its address may disown, because the address has not been confirmed. Null for any
 * other registration, and for a link that no longer works.
 */
export async function findDoubtful(
  { db }: { db: Tx },
  { kind, token }: MailedLink,
): Promise<{ userId: number; email: string; registeredAt: Date } | null> {
  const usable = { expiresAt: { gt: new Date() } };
  const link =
    kind === "confirm"
      ? await db.emailConfirmation.findUnique({
          where: { id: tokenHash(token), purpose: "confirm", ...usable },
          select: { email: true, user: true },
        })
      : await db.passwordReset.findUnique({ where: { id: tokenHash(token), ...usable }, select: { user: true } });
  const user = link?.user;
  // An imported person was entered by an administrator, not by a stranger.
  if (!user || user.emailConfirmedAt || user.passwordHash === null || user.role === "ADMIN") return null;
  if ("email" in link && link.email !== user.email) return null;
  return { userId: user.id, email: user.email, registeredAt: user.createdAt };
}

/**
 * Gives an address back to its owner, who has proved it by a mailed link: what another person registered with it is
 * erased, here and on the portal. Returns the address, now free; null if there is nothing to take back, also because that
 * person has just proved an address or become an administrator.
 */
export async function takeBack(services: Deps, link: MailedLink): Promise<string | null> {
  const doubtful = await findDoubtful(services, link);
  if (!doubtful) return null;
  const { userId, email } = doubtful;
  const still = async (tx: Tx) => {
    const now = await findDoubtful({ db: tx }, link);
    return now?.userId === userId && now.email === email;
  };
  const isErased = await erasePerson(services, { actor: systemActor, userId, cause: "owner", still });
  return isErased ? email : null;
}
