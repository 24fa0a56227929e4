import type { Consent } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { addHold, releaseHold } from "../confirmation/holds";
import { enqueuePhoneOffer } from "../confirmation/phone-offer";
import { builtInConsents } from "../consents/consents";
import { processingKind } from "../consents/kinds";
import { givenConsent, languageOf, textHash } from "../consents/record";
import { readConsents } from "../consents/stored";
import { noteCorrection } from "../corrections/corrections";
import { settingsGroups } from "../crm/settings-groups";
import type { Tx } from "../database/db";
import { personColumns } from "../person/columns";
import { pickPerson } from "../person/fields";
import { AppError } from "../platform/errors";
import { consentOfSource } from "../platform/field-map";
import type { Locale } from "../platform/locales";
import type { Services } from "../services";

export interface ConsentView {
  id: number;
  kind: string;
  version: string;
  textHash: string | null;
  locale: string;
  givenAt: string;
  withdrawnAt: string | null;
  /** The words that were agreed to, in their language; null if they are not kept, or are others by their hash. */
  words: { label: string; text: string[]; language: Locale } | null;
}

type Deps = Pick<Services, "db" | "queue" | "env" | "forms">;

/** Of each kind; a person who gives and withdraws all day makes pages no longer than that. */
const mostOfKind = 100;

/** A person's consents, the newest first; of each kind the newest `limit`. */
export async function listConsents(
  { db }: { db: Tx },
  userId: number,
  limit: number = mostOfKind,
): Promise<ConsentView[]> {
  const rows = await db.$queryRaw<Consent[]>`
    select id, "userId", kind, version, "textHash", locale, "givenAt", "withdrawnAt"
    from (select *, row_number() over (partition by kind order by id desc) as place from "Consent"
      where "userId" = ${userId}) c
    where place <= ${limit} order by id desc`;
  const isBuiltIn = ({ kind, version }: { kind: string; version: string }) =>
    builtInConsents.wordingOf(kind, version) !== null;
  const { wordingOf } = rows.every(isBuiltIn) ? builtInConsents : await readConsents(db);
  return rows.map(({ userId: _, givenAt, withdrawnAt, ...row }) => {
    const wording = wordingOf(row.kind, row.version);
    const language = languageOf(row.locale);
    const isShown = wording && (row.textHash === null || row.textHash === textHash(wording, row.locale));
    return {
      ...row,
      givenAt: givenAt.toISOString(),
      withdrawnAt: withdrawnAt?.toISOString() ?? null,
      words: isShown ? { label: wording.label[language], text: wording.text[language], language } : null,
    };
  });
}

/** When the person withdrew the consent to the processing, which they have not given again; null: they have not. */
export const processingWithdrawnAt = (consents: Pick<ConsentView, "kind" | "withdrawnAt">[]): string | null =>
  consents.find(({ kind }) => kind === processingKind)?.withdrawnAt ?? null;

/**
 * Withdraws one of the person's consents: the time is recorded. Without that to the processing, a registration that has
 * not arrived in the CRM is not sent; any other holds nothing. Repeating changes nothing. Throws NOT_FOUND.
 */
export async function withdrawConsent(
  services: Deps,
  { actor, userId, kind = processingKind }: { actor: Actor; userId: number; kind?: string },
): Promise<void> {
  await services.db.$transaction(async (tx) => {
    await lockPerson(tx, userId);
    const { count } = await tx.consent.updateMany({
      where: { userId, kind, withdrawnAt: null },
      data: { withdrawnAt: new Date() },
    });
    const said = count > 0 || (await tx.consent.count({ where: { userId, kind } })) > 0;
    if (!said) {
      // An imported person has given no consent to the processing here and may still withdraw it.
      if (kind !== processingKind) throw new AppError("NOT_FOUND");
      const at = new Date();
      await tx.consent.create({ data: { userId, kind, version: "", locale: "", givenAt: at, withdrawnAt: at } });
    }
    if (count === 0 && said) return;
    if (kind === processingKind) await addHold(tx, { userId, hold: "consent" });
    else await followOnPortal(tx, services, { userId, kind });
    await audit(tx, { actor, action: "consent.withdraw", targetId: userId, ...detailsOf(kind) });
  });
}

interface Giving {
  actor: Actor;
  userId: number;
  locale: string;
  kind?: string;
  /** What the page showed; left out, the present wording. */
  version?: string | undefined;
}

/**
 * Gives one of the consents, to the wording that was shown; a registration held for lack of consent is sent. Throws
 * NOT_FOUND, also if it is asked for no more, and CONFLICT if its wording was replaced after it was shown.
 */
export async function giveConsent(
  services: Deps,
  { actor, userId, locale, kind = processingKind, version }: Giving,
): Promise<void> {
  const { db, queue } = services;
  await db.$transaction(async (tx) => {
    await lockPerson(tx, userId);
    const asked = (await readConsents(tx)).kinds.find(({ key, retired }) => key === kind && !retired);
    if (!asked) throw new AppError("NOT_FOUND");
    const { wording } = asked;
    if (version !== undefined && version !== wording.version) throw new AppError("CONFLICT", { details: {} });
    const holds = await tx.consent.count({ where: { userId, kind, withdrawnAt: null, version: wording.version } });
    if (holds > 0) return;
    await tx.consent.create({ data: { userId, ...givenConsent(locale, kind, wording) } });
    if (kind === processingKind) {
      await releaseHold(tx, queue, { userId, hold: "consent" });
      await enqueuePhoneOffer(tx, queue, userId);
    } else await followOnPortal(tx, services, { userId, kind });
    await audit(tx, { actor, action: "consent.give", targetId: userId, ...detailsOf(kind) });
  });
}

/**
 * A field of the portal may say whether the consent holds: mailings from there go by it. Also of a person who is still on
 * the way, since a request may be under way that says what held before.
 */
async function followOnPortal(
  tx: Tx,
  { queue, ...settings }: Deps,
  { userId, kind }: { userId: number; kind: string },
): Promise<void> {
  const { formId, ...before } = await tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: { formId: true, ...personColumns },
  });
  const rules = settingsGroups(settings).of(formId)?.settings.fieldRules;
  // A form that this process has not read yet may have such a field: the correction finds out.
  if (rules && !rules.some(({ source }) => consentOfSource(source)?.key === kind)) return;
  await noteCorrection(tx, queue, { userId, before: pickPerson(before), consents: [kind] });
}

const detailsOf = (kind: string) => (kind === processingKind ? {} : { details: { consents: kind } });

async function lockPerson(tx: Tx, userId: number): Promise<void> {
  const [row] = await tx.$queryRaw<{ id: number }[]>`
    select id from "User" where id = ${userId} and "erasedAt" is null for no key update`;
  if (!row) throw new AppError("NOT_FOUND");
}
