import type { User } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { pickPerson } from "../person/fields";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { listConsents } from "./consents";
import type { PersonalModel } from "./places";

/** All data of a person as JSON with plain names, for the person or for an administrator who answers a question. */
export type PersonCopy = Record<string, unknown>;

type Db = Services["db"];
type Part = (db: Db, user: User, options: { withPortalIds: boolean }) => Promise<unknown> | unknown;

/** A table that the copy leaves out, and why. */
type LeftOut = { because: string };

/**
 * What a copy takes from each table with personal data. Complete by its types; places.ts decides what an erasure does
 * to the same tables.
 */
const parts: Record<PersonalModel, { name: string; take: Part } | LeftOut> = {
  User: { name: "person", take: (_db, user, options) => person(user, options) },
  Attribution: {
    name: "origin",
    take: async (db, { id }) => {
      const row = await db.attribution.findUnique({ where: { userId: id } });
      return { firstVisit: row?.first ?? null, lastVisit: row?.last ?? null };
    },
  },
  Consent: { name: "consents", take: (db, { id }) => consents(db, id) },
  PaymentChange: {
    name: "payments",
    take: async (db, { id }) =>
      (await db.paymentChange.findMany({ where: { userId: id }, orderBy: { id: "asc" } })).map((change) => ({
        at: change.createdAt,
        isPaid: change.isPaid,
        paidAtBefore: change.paidAtBefore,
        by: change.actorKind === "USER" && change.actorId === id ? "you" : change.actorKind.toLowerCase(),
      })),
  },
  Session: {
    name: "sessions",
    take: async (db, { id }) =>
      db.session.findMany({
        where: { userId: id, expiresAt: { gt: new Date() } },
        orderBy: { createdAt: "asc" },
        select: { createdAt: true, lastSeenAt: true, expiresAt: true, userAgent: true },
      }),
  },
  SignIn: {
    name: "signIns",
    take: async (db, { id }) =>
      db.signIn.findMany({
        where: { userId: id },
        orderBy: { id: "asc" },
        select: { at: true, userAgent: true, address: true },
      }),
  },
  EmailConfirmation: {
    name: "openConfirmations",
    take: async (db, { id }) =>
      db.emailConfirmation.findMany({
        where: { userId: id },
        orderBy: { createdAt: "asc" },
        select: { purpose: true, email: true, createdAt: true, sentAt: true, expiresAt: true },
      }),
  },
  PasswordReset: {
    name: "openPasswordLinks",
    take: async (db, { id }) => db.passwordReset.findMany({ where: { userId: id }, select: { expiresAt: true } }),
  },
  SecondFactor: {
    name: "secondFactor",
    take: async (db, { id }) => db.secondFactor.findUnique({ where: { userId: id }, select: { enabledAt: true } }),
  },
  RecoveryCode: {
    name: "recoveryCodes",
    take: async (db, { id }) =>
      (await db.recoveryCode.findMany({ where: { userId: id }, orderBy: { id: "asc" } })).map(({ usedAt }) => ({
        usedAt,
      })),
  },
  ApiToken: {
    name: "apiTokens",
    take: async (db, { id }) =>
      db.apiToken.findMany({
        where: { userId: id },
        orderBy: { id: "asc" },
        select: { name: true, createdAt: true, lastUsedAt: true, revokedAt: true },
      }),
  },
  SavedView: {
    name: "savedViews",
    take: async (db, { id }) =>
      db.savedView.findMany({
        where: { userId: id },
        orderBy: { id: "asc" },
        // Without the filter itself: it may hold the e-mail or phone of another person.
        select: { list: true, name: true, isShared: true, createdAt: true },
      }),
  },
  CrmLog: {
    name: "handingOver",
    take: async (db, { id }, { withPortalIds }) =>
      (await db.crmLog.findMany({ where: { userId: id }, orderBy: { id: "asc" } })).map((step) => ({
        at: step.at,
        step: step.method,
        outcome: step.outcome,
        ...(withPortalIds ? { contactId: step.contactId, dealId: step.dealId } : {}),
      })),
  },
  Conversion: {
    name: "toldToAdvertising",
    take: async (db, { id }) =>
      (
        await db.conversion.findMany({
          where: { userId: id },
          orderBy: { id: "asc" },
          select: { system: true, clickId: true, isClick: true, paidAt: true, retractId: true },
        })
      ).map(({ retractId, ...told }) => ({ ...told, takenBack: retractId !== null })),
  },
  CrmCorrection: {
    name: "lastCorrection",
    take: async (db, { id }) => {
      const row = await db.crmCorrection.findUnique({ where: { userId: id } });
      return row && { at: row.changedAt, inCrm: row.state, settledAt: row.settledAt, before: row.told };
    },
  },
  AuditEntry: {
    name: "history",
    take: async (db, { id }) =>
      (await db.auditEntry.findMany({ where: { targetId: id }, orderBy: { id: "asc" } })).map((entry) => ({
        at: entry.at,
        what: entry.action,
        by: entry.actorKind === "USER" && entry.actorId === id ? "you" : entry.actorKind.toLowerCase(),
      })),
  },
  WebhookDelivery: {
    name: "toldToOtherPrograms",
    take: async (db, { id }, { withPortalIds }) =>
      (await db.webhookDelivery.findMany({ where: { userId: id }, orderBy: { id: "asc" } })).map((message) => ({
        at: message.at,
        event: message.event,
        state: message.state,
        content: message.body && withoutPortalIds(message.body, withPortalIds),
      })),
  },
  PersonNotice: {
    name: "mailsOfArrival",
    take: async (db, { id }) =>
      db.personNotice.findMany({
        where: { userId: id },
        orderBy: { id: "asc" },
        select: { kind: true, at: true, state: true, attemptedAt: true },
      }),
  },
  ErasureDue: { because: "that the person is to be erased again, until that is done moments later" },
  DefaultView: { because: "with which saved view a list opens, by numbers" },
  DealSnapshot: { because: "what the CRM's deal was last seen to hold: its stage, nothing of the person" },
  StageMove: { because: "through which stages managers moved the CRM's deal, nothing of the person" },
  EarlierRecord: { because: "where the person stood on a CRM that was left, by numbers" },
  CrmRefusal: { because: "why the CRM refused a registration: codes and names of fields" },
  Conflict: { because: "differences between this site and the CRM, by numbers and codes" },
};

function person(user: User, { withPortalIds }: { withPortalIds: boolean }) {
  return {
    id: user.id,
    ...pickPerson(user),
    phoneExtension: user.phoneExtension,
    emailConfirmedAt: user.emailConfirmedAt,
    confirmationSentAt: user.confirmationSentAt,
    language: user.locale,
    role: user.role,
    hasPassword: user.passwordHash !== null,
    registeredAt: user.createdAt,
    enteredHereAt: user.insertedAt,
    isPaid: user.isPaid,
    paidAt: user.paidAt,
    source: user.source,
    campaign: user.campaign,
    answers: user.answers,
    handedOver: user.crmState === "SYNCED",
    handedOverAt: user.crmSyncedAt,
    ...(withPortalIds ? { bitrix24ContactId: user.bitrix24ContactId, bitrix24DealId: user.bitrix24DealId } : {}),
  };
}

/** A message as it was sent, but for the portal's ids. */
const withoutPortalIds = (body: string, withPortalIds: boolean): unknown =>
  JSON.parse(body, (name, value: unknown) =>
    !withPortalIds && ["bitrix24ContactId", "bitrix24DealId"].includes(name) ? undefined : value,
  );

async function consents(db: Db, userId: number) {
  const given = await listConsents({ db }, userId);
  return given.reverse().map(({ kind, version, locale, givenAt, withdrawnAt, textHash, words }) => ({
    kind,
    version,
    language: locale,
    givenAt,
    withdrawnAt,
    textHash,
    label: words?.label ?? null,
    text: words?.text ?? null,
  }));
}

/** Makes the copy and records that in the audit log. The portal's ids are for administrators only. Throws NOT_FOUND. */
export async function copyPerson(
  { db }: Pick<Services, "db">,
  { actor, userId, withPortalIds }: { actor: Actor; userId: number; withPortalIds: boolean },
): Promise<PersonCopy> {
  const user = await db.user.findUnique({ where: { id: userId, erasedAt: null } });
  if (!user) throw new AppError("NOT_FOUND");
  await audit(db, { actor, action: "person.export", targetId: userId });
  const copy: PersonCopy = { takenAt: new Date() };
  for (const part of Object.values(parts))
    if ("take" in part) copy[part.name] = await part.take(db, user, { withPortalIds });
  return copy;
}
