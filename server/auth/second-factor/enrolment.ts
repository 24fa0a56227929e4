import { audit } from "../../audit/audit";
import type { Tx } from "../../database/db";
import { readableEmail } from "../../platform/email-address";
import { AppError } from "../../platform/errors";
import { seal, unseal } from "../../platform/seal";
import type { Services } from "../../services";
import { dropExpiredSessions, startSession } from "../auth";
import { rememberDevice } from "../known-device";
import { endSessionsOf } from "../sessions";
import { ownerColumns, tellOwner } from "../tell-owner";
import { secretPurpose } from "./check-code";
import { makeRecoveryCodes, storeRecoveryCodes } from "./recovery-codes";
import type { FactorBrowser } from "./second-factor";
import { enrolmentUri, newSecret, readCode, stepOfCode } from "./totp";

type FactorServices = Pick<Services, "db" | "env">;

/** A new secret. It is not stored until its first code has come: until then it travels sealed in the form. */
export interface Enrolment {
  /** For typing into the authenticator. */
  secret: string;
  /** For the QR code. */
  uri: string;
  sealed: string;
}

/** How long a form may stay open. */
const enrolmentMs = 60 * 60_000;
/** A new password ends every form that was opened before it, since an intruder may have opened it. */
const enrolmentPurpose = ({ id, passwordHash }: Owner) => `enrolment:${id}:${passwordHash ?? ""}`;

interface Owner {
  id: number;
  email: string;
  locale: string;
  passwordHash: string | null;
}

const readOwner = ({ db }: FactorServices, id: number): Promise<Owner> =>
  db.user.findUniqueOrThrow({ where: { id }, select: { id: true, passwordHash: true, ...ownerColumns } });

export const newEnrolment = async (services: FactorServices, userId: number, siteName: string): Promise<Enrolment> =>
  describe(services, await readOwner(services, userId), siteName, newSecret(), Date.now() + enrolmentMs);

/** The enrolment in a submitted form; null if it is too old, or was made for another person or password. */
export async function openEnrolment(
  services: FactorServices,
  userId: number,
  siteName: string,
  sealed: string,
): Promise<Enrolment | null> {
  const owner = await readOwner(services, userId);
  const { secret, until } = unsealEnrolment(services, owner, sealed) ?? {};
  return secret && until ? describe(services, owner, siteName, secret, until) : null;
}

function unsealEnrolment({ env }: FactorServices, owner: Owner, sealed: string) {
  const [until = "0", secret = ""] = unseal(env, enrolmentPurpose(owner), sealed)?.text.split(":") ?? [];
  return Number(until) > Date.now() ? { secret, until: Number(until) } : null;
}

function describe({ env }: FactorServices, owner: Owner, siteName: string, secret: string, until: number): Enrolment {
  // Authenticators separate issuer and label by a colon.
  const issuer = `${siteName} (${new URL(env.APP_URL).hostname})`.replaceAll(":", " ");
  return {
    secret,
    uri: enrolmentUri(secret, { issuer, label: readableEmail(owner.email).replaceAll(":", " ") }),
    sealed: seal(env, enrolmentPurpose(owner), `${until}:${secret}`),
  };
}

/**
 * What an administrator gets on switching the second factor on: recovery codes, and the cookies of a session that
 * replaces all others and of a mark that does so with the marks of all devices.
 */
export interface Enabled {
  codes: string[];
  cookies: string[];
}

/**
 * Switches the second factor on, given the authenticator's first code. All sessions were opened without it and end;
 * this browser gets a new one. Throws UNAUTHORIZED for a wrong code, INVALID for a form that is too old or was opened
 * before the password was changed, CONFLICT if there is a second factor already, and FORBIDDEN if the user is no administrator.
 */
export async function enableSecondFactor(
  services: FactorServices & Pick<Services, "mail">,
  {
    userId,
    sealed,
    code,
    userAgent,
    cookieHeader = null,
  }: { userId: number; sealed: string; code: string } & FactorBrowser,
): Promise<Enabled> {
  const { db, env } = services;
  const owner = await readOwner(services, userId);
  const { secret } = unsealEnrolment(services, owner, sealed) ?? {};
  if (!secret) throw new AppError("INVALID");
  const digits = readCode(code);
  const step = digits === null ? null : stepOfCode(secret, digits);
  if (step === null) throw new AppError("UNAUTHORIZED");
  const recovery = await makeRecoveryCodes();
  const enabledAt = new Date();
  const setCookie = await db.$transaction(async (tx) => {
    await lockAdministrator(tx, owner);
    const { count } = await tx.secondFactor.createMany({
      data: { userId, secret: seal(env, secretPurpose(userId), secret), enabledAt, lastStep: step },
      // Skipped instead of a caught error, which PostgreSQL would write into its log.
      skipDuplicates: true,
    });
    if (count === 0) throw new AppError("CONFLICT");
    await storeRecoveryCodes(tx, userId, recovery);
    await endSessionsOf(tx, userId);
    await audit(tx, {
      actor: { kind: "USER", id: userId, role: "ADMIN" },
      action: "factor.enable",
      targetId: userId,
    });
    return startSession({ db: tx, env }, userId, userAgent, "ADMIN");
  });
  await tellOwner(services, owner, "factorOn");
  await dropExpiredSessions(services);
  const { passwordHash } = owner;
  const device = rememberDevice(env, cookieHeader, { id: userId, passwordHash, secondFactor: { enabledAt } });
  return { codes: recovery.codes, cookies: [setCookie, device] };
}

/**
 * Locks the row: if the role is taken away or the password changed at the same moment, the later transaction sees the
 * result of the earlier one.
 */
async function lockAdministrator(tx: Tx, { id, passwordHash }: Owner): Promise<void> {
  const [found] = await tx.$queryRaw<{ passwordHash: string | null }[]>`
    select "passwordHash" from "User" where id = ${id} and role = 'ADMIN' and "erasedAt" is null for update`;
  if (!found) throw new AppError("FORBIDDEN");
  if (found.passwordHash !== passwordHash) throw new AppError("INVALID");
}
