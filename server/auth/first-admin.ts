import type { Tx } from "../database/db";
import { emailSchema } from "../person/schema";
import { passwordWords } from "../platform/env";
import { EnvError } from "../platform/env-error";
import { isAppError } from "../platform/errors";
import { passwordProblem } from "../platform/password-policy";
import type { Services } from "../services";
import { makeAdmin, newAdmin } from "./admins";
import { hashText, verifyText } from "./password";

type Deps = Pick<Services, "db" | "env" | "log">;

/**
 * Creates the administrator of ADMIN_EMAIL and ADMIN_PASSWORD at start. An existing administrator is left alone: the
 * password may have been changed since. While there is another administrator, an address that was an administrator's at an
 * earlier start makes none: a start, of which the operator may not think at all, would undo a demotion, or give the role to
 * the mailbox that the person has given up. A person whom a restore brought back and who is to be erased again is left to
 * the erasure. Several processes may start at once. Throws EnvError if the password of an
 * administrator to be made is of the site's words; of one who is there already it is only warned, since a site that has run for
 * years has to start.
 */
export async function ensureFirstAdmin({ db, env, log }: Deps): Promise<void> {
  const { ADMIN_EMAIL, ADMIN_PASSWORD: password } = env;
  if (!ADMIN_EMAIL || !password) return;
  const email = emailSchema.parse(ADMIN_EMAIL);
  const ensure = async (tx: Tx) => {
    // Of processes that start at once the first one makes the administrator, and the others find one.
    await tx.$executeRaw`lock table "FirstAdmin" in share row exclusive mode`;
    const isNoted = await wasNoted(tx, email);
    const outcome = await ensureOf(tx, { email, isNoted, make: () => newAdmin({ email, password }, env) });
    if (!isNoted) await tx.firstAdmin.create({ data: { addressHash: await hashText(email) } });
    return outcome;
  };
  try {
    const outcome = await db.$transaction(ensure);
    if (outcome === "refused")
      log.info(
        "ADMIN_EMAIL was an administrator's address before, and the site has another administrator: no role was given. To give it: npm run admin -- create EMAIL",
      );
    else if (outcome !== "there") log.info({ outcome }, "first administrator created or promoted");
    else if (passwordProblem(password, { email, isAdmin: true, site: env }))
      log.warn(
        "ADMIN_PASSWORD is made of the site's name or address: change the administrator's password if it is still this one",
      );
  } catch (error) {
    if (isAppError(error, "INVALID"))
      throw new EnvError([
        { code: "custom", path: ["ADMIN_PASSWORD"], message: passwordWords.password_personal, input: undefined },
      ]);
    if (!isAppError(error, "CONFLICT")) throw error;
    log.warn(
      "ADMIN_EMAIL is the address of a person who is to be erased, and makes no administrator until that is done",
    );
  }
}

interface Wanted {
  email: string;
  /** Whether the address was an administrator's at an earlier start. */
  isNoted: boolean;
  make: () => ReturnType<typeof newAdmin>;
}

async function ensureOf(
  tx: Tx,
  { email, isNoted, make }: Wanted,
): Promise<"there" | "refused" | Awaited<ReturnType<typeof makeAdmin>>> {
  const existing = await tx.user.findUnique({ where: { email }, select: { id: true, role: true } });
  if (existing?.role === "ADMIN") return "there";
  const wasAdmins = isNoted || (existing !== null && (await wasDemoted(tx, existing.id)));
  if (wasAdmins && (await tx.user.count({ where: { role: "ADMIN" } })) > 0) return "refused";
  return makeAdmin(tx, await make());
}

/**
 * Whether an earlier start has noted the address. By the slow hash of a password, which says little about the address of a
 * person who was erased, and unlike one by SESSION_SECRET is still known after that was replaced.
 */
async function wasNoted(tx: Tx, email: string): Promise<boolean> {
  for (const { addressHash } of await tx.firstAdmin.findMany()) if (await verifyText(addressHash, email)) return true;
  return false;
}

/** Whether the last change of the person's role took it away, maybe before starts noted addresses. */
async function wasDemoted(tx: Tx, targetId: number): Promise<boolean> {
  const last = await tx.auditEntry.findFirst({
    where: { targetId, action: "role.change" },
    orderBy: { id: "desc" },
    select: { details: true },
  });
  return (last?.details as { role?: unknown } | undefined)?.role === "USER";
}
