import type { User } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import { audit, auditCounted } from "../audit/audit";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { listConsents } from "./consents";
import { isHandedOver, ownDetails } from "./own-details";
import type { PersonalModel } from "./places";

/** All data of a person as JSON with plain names, for the person or for an administrator who answers a question. */
export type PersonCopy = Record<string, unknown>;

type Db = Services["db"];
type Part = (db: Db, user: User, options: { forAdministrator: boolean }) => Promise<unknown> | unknown;

/** A table that the copy leaves out, and why. */
type LeftOut = { because: string };

/**
 * How many rows of a table a copy has; the web process holds them all in memory. Nobody has as many without a program that
 * makes them.
 */
const most = 2_000;
const newest = { orderBy: { id: "desc" }, take: most + 1 } as const;
const latest = { orderBy: { createdAt: "desc" }, take: most + 1 } as const;

/**
 * What a copy takes from each table with personal data. Complete by its types; places.ts decides what an erasure does
 * to the same tables. Lists begin with the newest row.
 */
const parts: Record<PersonalModel, { name: string; take: Part } | LeftOut> = {
  User: { name: "person", take: ownDetails },
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
      (await db.paymentChange.findMany({ where: { userId: id }, ...newest })).map((change) => ({
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
        ...latest,
        select: { createdAt: true, lastSeenAt: true, expiresAt: true, userAgent: true },
      }),
  },
  SignIn: {
    name: "signIns",
    take: async (db, { id }) =>
      db.signIn.findMany({
        where: { userId: id },
        ...newest,
        select: { at: true, userAgent: true, address: true },
      }),
  },
  EmailConfirmation: {
    name: "openConfirmations",
    take: async (db, { id }) =>
      db.emailConfirmation.findMany({
        where: { userId: id },
        ...latest,
        select: { purpose: true, email: true, createdAt: true, sentAt: true, expiresAt: true },
      }),
  },
  PasswordReset: {
    name: "openPasswordLinks",
    take: async (db, { id }) =>
      db.passwordReset.findMany({
        where: { userId: id },
        orderBy: { expiresAt: "desc" },
        take: most + 1,
        select: { expiresAt: true },
      }),
  },
  SecondFactor: {
    name: "secondFactor",
    take: async (db, { id }) => db.secondFactor.findUnique({ where: { userId: id }, select: { enabledAt: true } }),
  },
  RecoveryCode: {
    name: "recoveryCodes",
    take: async (db, { id }) =>
      (await db.recoveryCode.findMany({ where: { userId: id }, ...newest })).map(({ usedAt }) => ({
        usedAt,
      })),
  },
  ApiToken: {
    name: "apiTokens",
    take: async (db, { id }) =>
      db.apiToken.findMany({
        where: { userId: id },
        ...newest,
        select: {
          name: true,
          createdAt: true,
          expiresAt: true,
          scopes: true,
          lastUsedAt: true,
          lastUsedAddress: true,
          revokedAt: true,
        },
      }),
  },
  SavedView: {
    name: "savedViews",
    take: async (db, { id }) =>
      db.savedView.findMany({
        where: { userId: id },
        ...newest,
        // Without the filter itself: it may hold the e-mail or phone of another person.
        select: { list: true, name: true, isShared: true, createdAt: true },
      }),
  },
  CrmLog: {
    name: "handingOver",
    // The steps would tell the person whether phone or e-mail were a customer's: a contact was linked, or made.
    take: async (db, user, { forAdministrator }) =>
      forAdministrator ? steps(db, user.id) : isHandedOver(user) ? [{ at: user.crmSyncedAt, step: "handed over" }] : [],
  },
  Conversion: {
    name: "toldToAdvertising",
    take: async (db, { id }) =>
      (
        await db.conversion.findMany({
          where: { userId: id },
          ...newest,
          select: { system: true, clickId: true, isClick: true, paidAt: true, cents: true, retractId: true },
        })
      ).map(({ retractId, cents, ...told }) => ({
        ...told,
        amountUsd: cents === null ? null : Number(cents) / 100,
        takenBack: retractId !== null,
      })),
  },
  CrmCorrection: {
    name: "lastCorrection",
    take: async (db, { id }, { forAdministrator }) => {
      const row = await db.crmCorrection.findUnique({ where: { userId: id } });
      if (!row) return null;
      const { state, changedAt: at, settledAt, told: before } = row;
      if (forAdministrator) return { at, inCrm: state, settledAt, before };
      // Neither how it was settled nor what was sent to the contact: that is done to contacts that were made here alone.
      const first = Array.isArray(before) ? before.slice(0, 1) : [];
      return { at, inCrm: state === "pending" ? "pending" : "settled", settledAt, before: first };
    },
  },
  AuditEntry: {
    name: "history",
    take: async (db, { id }) =>
      (await db.auditEntry.findMany({ where: { targetId: id }, ...newest })).map((entry) => ({
        at: entry.at,
        what: entry.action,
        by: entry.actorKind === "USER" && entry.actorId === id ? "you" : entry.actorKind.toLowerCase(),
      })),
  },
  WebhookDelivery: {
    name: "toldToOtherPrograms",
    take: async (db, { id }, { forAdministrator }) =>
      (await db.webhookDelivery.findMany({ where: { userId: id }, ...newest })).map((message) => ({
        at: message.at,
        event: message.event,
        state: message.state,
        content: message.body && withoutPortalIds(message.body, forAdministrator),
      })),
  },
  PersonNotice: {
    name: "mailsOfArrival",
    take: async (db, { id }) =>
      db.personNotice.findMany({
        where: { userId: id },
        ...newest,
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

/** A message as it was sent, but for the portal's ids. */
const withoutPortalIds = (body: string, forAdministrator: boolean): unknown =>
  JSON.parse(body, (name, value: unknown) =>
    !forAdministrator && ["bitrix24ContactId", "bitrix24DealId"].includes(name) ? undefined : value,
  );

async function consents(db: Db, userId: number) {
  const given = await listConsents({ db }, userId, most + 1);
  return given.map(({ kind, version, locale, givenAt, withdrawnAt, textHash, words }) => ({
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

async function steps(db: Db, userId: number) {
  const rows = await db.crmLog.findMany({ where: { userId }, ...newest });
  return rows.map(({ at, method, outcome, contactId, dealId }) => ({ at, step: method, outcome, contactId, dealId }));
}

/**
 * Makes the copy and records that in the audit log. The portal's ids, and what else tells whether phone or e-mail were a
 * customer's before, are for administrators only. Throws NOT_FOUND.
 */
export async function copyPerson(
  { db }: Pick<Services, "db">,
  { actor, userId, forAdministrator }: { actor: Actor; userId: number; forAdministrator: boolean },
): Promise<PersonCopy> {
  const user = await db.user.findUnique({ where: { id: userId, erasedAt: null } });
  if (!user) throw new AppError("NOT_FOUND");
  const isOwn = actor.kind === "USER" && actor.id === userId;
  const record = { actor, action: "person.export", targetId: userId } as const;
  await (isOwn ? auditCounted({ db }, record) : audit(db, record));
  const copy: PersonCopy = { takenAt: new Date() };
  const shortened: string[] = [];
  for (const part of Object.values(parts)) {
    if (!("take" in part)) continue;
    const taken = await part.take(db, user, { forAdministrator });
    copy[part.name] = Array.isArray(taken) ? taken.slice(0, most).reverse() : taken;
    if (Array.isArray(taken) && taken.length > most) shortened.push(part.name);
  }
  return shortened.length > 0 ? { ...copy, withoutOlderRows: shortened } : copy;
}
