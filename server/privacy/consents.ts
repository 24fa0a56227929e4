import { createHash } from "node:crypto";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { addHold, releaseHold } from "../confirmation/holds";
import type { Tx } from "../database/db";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { type ConsentWording, consentWording } from "./consent-texts";

export interface ConsentView {
  id: number;
  kind: string;
  version: string;
  textHash: string | null;
  locale: string;
  givenAt: string;
  withdrawnAt: string | null;
}

const languageOf = (locale: string) => (locale === "en" ? "en" : "ru");

/** Proves which words were shown, should the list of wordings be doubted. */
export const textHash = ({ label, text }: ConsentWording, locale: string): string =>
  createHash("sha256")
    .update([label[languageOf(locale)], ...text[languageOf(locale)]].join("\n"))
    .digest("hex");

/** The consent given by a submitted registration form. */
export const givenConsent = (locale: string) => ({
  kind: "registration",
  version: consentWording.version,
  textHash: textHash(consentWording, locale),
  locale,
});

/** A person's consents, the newest first. */
export async function listConsents({ db }: Pick<Services, "db">, userId: number): Promise<ConsentView[]> {
  const rows = await db.consent.findMany({ where: { userId }, orderBy: { id: "desc" } });
  return rows.map(({ userId: _, givenAt, withdrawnAt, ...row }) => ({
    ...row,
    givenAt: givenAt.toISOString(),
    withdrawnAt: withdrawnAt?.toISOString() ?? null,
  }));
}

/**
 * Withdraws the person's consent: the time is recorded, and a registration that has not arrived in the CRM is not sent.
 * Repeating changes nothing. Throws NOT_FOUND.
 */
export async function withdrawConsent(
  { db }: Pick<Services, "db">,
  { actor, userId }: { actor: Actor; userId: number },
): Promise<void> {
  await db.$transaction(async (tx) => {
    await lockPerson(tx, userId);
    const { count } = await tx.consent.updateMany({
      where: { userId, withdrawnAt: null },
      data: { withdrawnAt: new Date() },
    });
    // An imported person has given no consent here and may still withdraw.
    const said = count > 0 || (await tx.consent.count({ where: { userId } })) > 0;
    if (!said) {
      const at = new Date();
      await tx.consent.create({
        data: { userId, kind: "registration", version: "", locale: "", givenAt: at, withdrawnAt: at },
      });
    }
    if (count === 0 && said) return;
    await addHold(tx, { userId, hold: "consent" });
    await audit(tx, { actor, action: "consent.withdraw", targetId: userId });
  });
}

/**
 * Gives the consent again, to the present wording; a registration held for lack of consent is sent. Throws NOT_FOUND.
 */
export async function giveConsent(
  { db, queue }: Pick<Services, "db" | "queue">,
  { actor, userId, locale }: { actor: Actor; userId: number; locale: string },
): Promise<void> {
  await db.$transaction(async (tx) => {
    await lockPerson(tx, userId);
    const holds = await tx.consent.count({ where: { userId, withdrawnAt: null, version: consentWording.version } });
    if (holds > 0) return;
    await tx.consent.create({ data: { userId, ...givenConsent(locale) } });
    await releaseHold(tx, queue, { userId, hold: "consent" });
    await audit(tx, { actor, action: "consent.give", targetId: userId });
  });
}

async function lockPerson(tx: Tx, userId: number): Promise<void> {
  const [row] = await tx.$queryRaw<{ id: number }[]>`
    select id from "User" where id = ${userId} and "erasedAt" is null for no key update`;
  if (!row) throw new AppError("NOT_FOUND");
}
