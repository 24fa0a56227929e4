import { systemActor } from "../audit/actor";
import { audit } from "../audit/audit";
import { takeHoldAway } from "../confirmation/holds";
import type { Tx } from "../database/db";
import { emailSchema } from "../person/schema";
import { AppError } from "../platform/errors";
import { type PasswordSite, passwordProblem } from "../platform/password-policy";
import type { Services } from "../services";
import { revokeTokensOf } from "./api-tokens";
import { hashPassword } from "./password";
import { dropSecondFactor } from "./second-factor/second-factor";
import { endSessionsOf } from "./sessions";

export interface AdminCredentials {
  email: string;
  password: string;
}

/** What is written for an administrator, of checked credentials. */
interface NewAdmin {
  email: string;
  passwordHash: string;
}

/**
 * Makes an administrator of this e-mail address and password. The person is new, or has registered with the address;
 * then the old password, sessions, second factor, tokens and all mailed links end, since the registration never proved the
 * address. The operator vouches for it, so it counts as confirmed, and a registration that was held until then goes on its
 * way. Throws a ZodError for an invalid address, and INVALID if the password is not fit for an
 * administrator. Throws CONFLICT for a person who is to be erased: an administrator never would be. A new person made here
 * has not registered and must not become a deal: crmState is SYNCED from the start, with crmSyncedAt and both portal ids
 * null.
 */
export async function createAdmin(
  { db, env: site }: Pick<Services, "db"> & { env?: PasswordSite },
  credentials: AdminCredentials,
): Promise<"created" | "promoted"> {
  const admin = await newAdmin(credentials, site);
  return db.$transaction((tx) => makeAdmin(tx, admin));
}

/** Checks the credentials as `createAdmin` tells, for `makeAdmin`. */
export async function newAdmin(credentials: AdminCredentials, site?: PasswordSite): Promise<NewAdmin> {
  const email = emailSchema.parse(credentials.email);
  const problem = passwordProblem(credentials.password, { email, isAdmin: true, site });
  if (problem) throw new AppError("INVALID", { details: { problem } });
  return { email, passwordHash: await hashPassword(credentials.password) };
}

/** As `createAdmin`, in the caller's transaction. */
export async function makeAdmin(tx: Tx, { email, passwordHash }: NewAdmin): Promise<"created" | "promoted"> {
  const administrator = { role: "ADMIN", passwordHash, emailConfirmedAt: new Date() } as const;
  // `skipDuplicates` instead of a caught error: PostgreSQL would write the address of a unique violation into its
  // log.
  const [made] = await tx.user.createManyAndReturn({
    data: [{ ...administrator, email, firstName: "Administrator", phone: "", crmState: "SYNCED" }],
    skipDuplicates: true,
    select: { id: true },
  });
  if (made) {
    await audit(tx, { actor: systemActor, action: "admin.create", targetId: made.id });
    return "created";
  }
  // Locked, so that an erasure comes before, and takes the address from the row, or finds an administrator.
  const [known] = await tx.$queryRaw<{ id: number; role: string }[]>`
    select id, role::text from "User" where email = ${email} for update`;
  if (!known || (await tx.erasureDue.count({ where: { userId: known.id } })) > 0) throw new AppError("CONFLICT");
  const { id, role } = known;
  await tx.user.update({ where: { id }, data: administrator, select: { id: true } });
  await endSessionsOf(tx, id);
  // A link that was mailed for a stranger's registration, above all for a change of its address, would hand over the
  // administrator.
  await tx.emailConfirmation.deleteMany({ where: { userId: id } });
  await tx.passwordReset.deleteMany({ where: { userId: id } });
  // An earlier second factor may belong to a person who never proved the address. An administrator keeps theirs.
  if (role !== "ADMIN") await dropSecondFactor(tx, id);
  await revokeTokensOf(tx, id);
  // The sweep gives a job to a registration that waits no longer.
  for (const hold of ["email", "review"] as const) await takeHoldAway(tx, { userId: id, hold });
  await audit(tx, { actor: systemActor, action: "role.change", targetId: id, details: { role: "ADMIN" } });
  return "promoted";
}

/**
 * Takes the administrator's role away. Tokens end with it: a trigger revokes them, however the role is lost. The last
 * administrator cannot be demoted, since no page could restore the role.
 */
export async function demoteAdmin(
  { db }: Pick<Services, "db">,
  email: string,
): Promise<"demoted" | "not an administrator" | "the last administrator"> {
  return db.$transaction(async (tx) => {
    // Locked, so that of two administrators who are demoted at the same moment one remains.
    const admins = await tx.$queryRaw<{ id: number; email: string }[]>`
      select id, email from "User" where role = 'ADMIN' order by id for update`;
    const admin = admins.find((row) => row.email === email);
    if (!admin) return "not an administrator";
    if (admins.length === 1) return "the last administrator";
    await tx.user.update({ where: { id: admin.id }, data: { role: "USER" }, select: { id: true } });
    await audit(tx, { actor: systemActor, action: "role.change", targetId: admin.id, details: { role: "USER" } });
    return "demoted";
  });
}
