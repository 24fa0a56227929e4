import { audit } from "../../audit/audit";
import type { Tx } from "../../database/db";
import { readableEmail } from "../../platform/email-address";
import { AppError } from "../../platform/errors";
import { seal, unseal } from "../../platform/seal";
import type { Services } from "../../services";
import { startSession } from "../auth";
import { endSessionsOf } from "../sessions";
import { secretPurpose } from "./check-code";
import { makeRecoveryCodes, storeRecoveryCodes } from "./recovery-codes";
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
const enrolmentPurpose = (userId: number) => `enrolment:${userId}`;

export const newEnrolment = (services: FactorServices, userId: number, siteName: string): Promise<Enrolment> =>
  describe(services, userId, siteName, newSecret(), Date.now() + enrolmentMs);

/** The enrolment in a submitted form; null if it is too old, or was made for another person. */
export async function openEnrolment(
  services: FactorServices,
  userId: number,
  siteName: string,
  sealed: string,
): Promise<Enrolment | null> {
  const { secret, until } = unsealEnrolment(services, userId, sealed) ?? {};
  return secret && until ? describe(services, userId, siteName, secret, until) : null;
}

function unsealEnrolment({ env }: FactorServices, userId: number, sealed: string) {
  const [until = "0", secret = ""] = unseal(env, enrolmentPurpose(userId), sealed)?.text.split(":") ?? [];
  return Number(until) > Date.now() ? { secret, until: Number(until) } : null;
}

async function describe(
  { db, env }: FactorServices,
  userId: number,
  siteName: string,
  secret: string,
  until: number,
): Promise<Enrolment> {
  const { email } = await db.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
  // Authenticators separate issuer and label by a colon.
  const issuer = `${siteName} (${new URL(env.APP_URL).hostname})`.replaceAll(":", " ");
  return {
    secret,
    uri: enrolmentUri(secret, { issuer, label: readableEmail(email).replaceAll(":", " ") }),
    sealed: seal(env, enrolmentPurpose(userId), `${until}:${secret}`),
  };
}

/**
 * What an administrator gets on switching the second factor on: recovery codes, and a session that replaces all others.
 */
export interface Enabled {
  codes: string[];
  setCookie: string;
}

/**
 * Switches the second factor on, given the authenticator's first code. All sessions were opened without it and end;
 * this browser gets a new one. Throws UNAUTHORIZED for a wrong code, INVALID for a form that is too old, CONFLICT if
 * there is a second factor already, and FORBIDDEN if the user is no administrator.
 */
export async function enableSecondFactor(
  services: FactorServices,
  { userId, sealed, code, userAgent }: { userId: number; sealed: string; code: string; userAgent: string | null },
): Promise<Enabled> {
  const { db, env } = services;
  const { secret } = unsealEnrolment(services, userId, sealed) ?? {};
  if (!secret) throw new AppError("INVALID");
  const digits = readCode(code);
  const step = digits === null ? null : stepOfCode(secret, digits);
  if (step === null) throw new AppError("UNAUTHORIZED");
  const recovery = await makeRecoveryCodes();
  await db.$transaction(async (tx) => {
    await lockAdministrator(tx, userId);
    const { count } = await tx.secondFactor.createMany({
      data: { userId, secret: seal(env, secretPurpose(userId), secret), lastStep: step },
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
  });
  return { codes: recovery.codes, setCookie: await startSession(services, userId, userAgent, "ADMIN") };
}

/**
 * Locks the row: if the role is taken away at the same moment, the later transaction sees the result of the earlier
 * one.
 */
async function lockAdministrator(tx: Tx, userId: number): Promise<void> {
  const found = await tx.$queryRaw<unknown[]>`
    select 1 from "User" where id = ${userId} and role = 'ADMIN' and "erasedAt" is null for update`;
  if (found.length === 0) throw new AppError("FORBIDDEN");
}
