import type { Prisma, User } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import type { Db } from "../database/db";

let made = 0;

/** A registered person in the database; what a test cares about stands in `overrides`. */
export function makeUser(db: Db, overrides: Partial<Prisma.UserUncheckedCreateInput> = {}): Promise<User> {
  made += 1;
  return db.user.create({
    data: {
      email: `person-${made}@example.com`,
      firstName: "Анна",
      phone: `+7900${String(made).padStart(7, "0")}`,
      ...overrides,
    },
  });
}

/** The person's row as it is now. */
export const userOf = ({ services: { db } }: { services: { db: Db } }, id: number): Promise<User> =>
  db.user.findUniqueOrThrow({ where: { id } });

/** An administrator who acts where no row of theirs is read. */
export const admin = { kind: "USER", id: 1, role: "ADMIN" } as const satisfies Actor;

/** An administrator and the actor that acts for them. */
export async function makeAdmin(db: Db): Promise<Actor & { kind: "USER" }> {
  const { id } = await makeUser(db, { role: "ADMIN" });
  return { kind: "USER", id, role: "ADMIN" };
}
