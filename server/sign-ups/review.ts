import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { releaseHold } from "../confirmation/holds";
import { fullName } from "../person/full-name";
import { readableEmail } from "../platform/email-address";
import { erasePerson, type StillDue } from "../privacy/erase";
import type { Services } from "../services";

export interface HeldView {
  id: number;
  name: string;
  email: string;
  phone: string;
  source: string | null;
  createdAt: string;
}

const pageSize = 100;

/** Registrations held for an administrator's review, oldest first, and how many there are. */
export async function listHeld({ db }: Pick<Services, "db">): Promise<{ people: HeldView[]; total: number }> {
  const where = { holds: { has: "review" } };
  const rows = await db.user.findMany({ where, orderBy: { id: "asc" }, take: pageSize });
  // A list that is whole counts itself: who is held or released in between would make the two contradict each other.
  const total = rows.length < pageSize ? rows.length : Math.max(rows.length, await db.user.count({ where }));
  const people = rows.map(({ id, firstName, lastName, email, phone, source, createdAt }) => ({
    id,
    name: fullName({ firstName, lastName }),
    email: readableEmail(email),
    phone,
    source,
    createdAt: createdAt.toISOString(),
  }));
  return { people, total };
}

/** Switches holding on or off. Registrations already held stay held until an administrator decides. */
export async function holdNew({ db }: Pick<Services, "db">, { actor, hold }: { actor: Actor; hold: boolean }) {
  await db.$transaction(async (tx) => {
    const { count } = await tx.signUps.updateMany({
      where: { id: 1, heldSince: hold ? null : { not: null } },
      data: { heldSince: hold ? new Date() : null, heldBy: hold ? actor.id : null },
    });
    if (count > 0) await audit(tx, { actor, action: hold ? "review.start" : "review.end" });
  });
}

/** Releases held registrations to the CRM. Those no longer held are skipped. */
export async function releaseHeld(
  { db, queue }: Pick<Services, "db" | "queue">,
  { actor, userIds }: { actor: Actor; userIds: number[] },
): Promise<number> {
  let released = 0;
  for (const userId of userIds)
    await db.$transaction(async (tx) => {
      if (!(await releaseHold(tx, queue, { userId, hold: "review" }))) return;
      await audit(tx, { actor, action: "review.release", targetId: userId });
      released += 1;
    });
  return released;
}

/**
 * Erases held registrations; the CRM was never told of them. Those no longer held are skipped, and those of people who are
 * administrators by now. Returns how many were erased.
 */
export async function discardHeld(
  services: Pick<Services, "db" | "queue" | "env" | "log">,
  { actor, userIds }: { actor: Actor; userIds: number[] },
): Promise<number> {
  const held = await services.db.user.findMany({
    where: { id: { in: userIds }, holds: { has: "review" }, role: "USER" },
    select: { id: true },
  });
  // While those before it are erased, another administrator may release one, or the operator promote its person.
  const isHeld: StillDue = (_tx, { holds, role }) => holds.includes("review") && role === "USER";
  let discarded = 0;
  for (const { id } of held) {
    const isErased = await erasePerson(services, { actor, userId: id, cause: "discarded", still: isHeld });
    if (isErased) discarded += 1;
  }
  return discarded;
}
