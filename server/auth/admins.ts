import { systemActor } from "../audit/actor";
import { audit } from "../audit/audit";
import { takeHoldAway } from "../confirmation/holds";
import { emailSchema } from "../person/schema";
import { passwordWords } from "../platform/env";
import { EnvError } from "../platform/env-error";
import { AppError, isAppError } from "../platform/errors";
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
  const email = emailSchema.parse(credentials.email);
  const problem = passwordProblem(credentials.password, { email, isAdmin: true, site });
  if (problem) throw new AppError("INVALID", { details: { problem } });
  const passwordHash = await hashPassword(credentials.password);
  const emailConfirmedAt = new Date();
  const administrator = { role: "ADMIN", passwordHash, emailConfirmedAt } as const;
  return db.$transaction(async (tx) => {
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
  });
}

/**
 * Creates the administrator of ADMIN_EMAIL and ADMIN_PASSWORD at start. An existing administrator is left alone: the
 * password may have been changed since. A person whose role was taken away stays without it while there is another
 * administrator: a start, of which the operator may not think at all, would replace the person's password besides. A person
 * whom a restore brought back and who is to be erased again is left to the erasure; the next start makes a new administrator.
 * Several processes may start at once. Throws EnvError if the password of an administrator to be made is of the site's words;
 * of one who is there already it is only warned, since a site that has run for years has to start.
 */
export async function ensureFirstAdmin({ db, env, log }: Pick<Services, "db" | "env" | "log">): Promise<void> {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = env;
  if (!email || !password) return;
  const existing = await db.user.findUnique({
    where: { email: emailSchema.parse(email) },
    select: { id: true, role: true },
  });
  if (existing?.role === "ADMIN") {
    if (passwordProblem(password, { email, isAdmin: true, site: env }))
      log.warn(
        "ADMIN_PASSWORD is made of the site's name or address: change the administrator's password if it is still this one",
      );
    return;
  }
  if (existing && (await wasDemoted(db, existing.id)) && (await db.user.count({ where: { role: "ADMIN" } })) > 0) {
    log.info("ADMIN_EMAIL is the address of a person whose role was taken away, and stays so");
    return;
  }
  try {
    const outcome = await createAdmin({ db, env }, { email, password });
    log.info({ outcome }, "first administrator created or promoted");
  } catch (error) {
    if (isAppError(error, "INVALID"))
      throw new EnvError([
        { code: "custom", path: ["ADMIN_PASSWORD"], message: passwordWords.password_personal, input: undefined },
      ]);
    if (!isAppError(error, "CONFLICT")) throw error;
    log.warn("ADMIN_EMAIL is the address of a person who is to be erased: the next start makes a new administrator");
  }
}

/** Whether the last change of the person's role took it away. */
async function wasDemoted(db: Services["db"], targetId: number): Promise<boolean> {
  const last = await db.auditEntry.findFirst({
    where: { targetId, action: "role.change" },
    orderBy: { id: "desc" },
    select: { details: true },
  });
  return (last?.details as { role?: unknown } | undefined)?.role === "USER";
}

/**
 * Takes the administrator's role away. Tokens end with it: a trigger revokes them, however the role is lost. The last
 * administrator cannot be demoted, since no page could restore the role.
 */
export async function demoteAdmin(
  { db }: Pick<Services, "db">,
  email: string,
): Promise<"demoted" | "no administrator" | "the last administrator"> {
  return db.$transaction(async (tx) => {
    // Locked, so that of two administrators who are demoted at the same moment one remains.
    const admins = await tx.$queryRaw<{ id: number; email: string }[]>`
      select id, email from "User" where role = 'ADMIN' order by id for update`;
    const admin = admins.find((row) => row.email === email);
    if (!admin) return "no administrator";
    if (admins.length === 1) return "the last administrator";
    await tx.user.update({ where: { id: admin.id }, data: { role: "USER" }, select: { id: true } });
    await audit(tx, { actor: systemActor, action: "role.change", targetId: admin.id, details: { role: "USER" } });
    return "demoted";
  });
}
