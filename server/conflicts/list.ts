import type { Prisma } from "../../prisma/generated/client";
import { portalCardUrl } from "../bitrix24/card-url";
import { type Sale, settledSale } from "../bitrix24/sale";
import type { Tx } from "../database/db";
import { fullName } from "../person/full-name";
import { takePage } from "../platform/pages";
import type { Services } from "../services";
import { type ConflictKind, dismissed, standing } from "./conflicts";
import { type ConflictAction, conflictActions } from "./resolve";
import { isRestorable } from "./restore-sale";

/** A contact or deal and its card on the portal. */
export interface PortalRecord {
  type: "contact" | "deal";
  id: number;
  url: string;
}

/** A conflict with both sides as they are known now. */
export interface ConflictView {
  id: number;
  kind: ConflictKind;
  foundAt: string;
  /** The actions that are still possible, the usual one first. */
  actions: ConflictAction[];
  /** An administrator has dismissed the conflict. */
  dismissed: boolean;
  person: { id: number; name: string; isPaid: boolean };
  /** The record that the conflict is about: the person's own, or its duplicate. */
  record: PortalRecord;
  /** The person's own records. */
  contact: PortalRecord | null;
  deal: PortalRecord | null;
  /** The deal's stage. For a refused move: the stage that it was to move to. */
  stageId: string | null;
  /** The portal's reason for a refusal. */
  code: string | null;
  /** The contact still exists and was only removed from the deal. */
  stands: boolean;
  /** Of a changed sale: what the deal sells now, and what it sold when the registration was completed. */
  sale: { now: Sale; was: Sale | null } | null;
}

const view = {
  id: true,
  kind: true,
  portalId: true,
  details: true,
  foundAt: true,
  resolvedAt: true,
  user: {
    select: {
      id: true,
      firstName: true,
      lastName: true,
      isPaid: true,
      bitrix24ContactId: true,
      bitrix24DealId: true,
      crmSale: true,
      dealSnapshot: { select: { stageId: true } },
    },
  },
} satisfies Prisma.ConflictSelect;

type ConflictRow = Prisma.ConflictGetPayload<{ select: typeof view }>;

/**
 * Open conflicts, newest first; with `userId` also the dismissed conflicts of that user, since those can still be
 * decided. `before` is the `next` of the previous page; `next` is null on the last page.
 */
export async function listConflicts(
  { db, bitrix24 }: Pick<Services, "bitrix24"> & { db: Tx },
  { userId, before, limit = 20 }: { userId?: number; before?: number | undefined; limit?: number },
): Promise<{ conflicts: ConflictView[]; next: number | null }> {
  const rows = await db.conflict.findMany({
    where: {
      ...(userId === undefined ? { resolvedAt: null } : { userId, OR: standing }),
      ...(before === undefined ? {} : { id: { lt: before } }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
    select: view,
  });
  const { page, last } = takePage(rows, limit);
  return {
    conflicts: page.map((row) => toView(row, bitrix24.client.host)),
    next: last?.id ?? null,
  };
}

const isPossible = (action: ConflictAction, { user, portalId, resolvedAt }: ConflictRow): boolean =>
  (resolvedAt === null || action !== dismissed) &&
  (action !== "restore" || isRestorable(settledSale(user.crmSale, portalId)));

const aboutContact = new Set<ConflictKind>(["CONTACT_DELETED", "DEAL_OTHER_CONTACT", "DUPLICATE_CONTACT"]);

function toView({ user, resolvedAt, ...row }: ConflictRow, host: string): ConflictView {
  const kind = row.kind as ConflictKind;
  const card = (type: PortalRecord["type"], id: number): PortalRecord => ({
    type,
    id,
    url: portalCardUrl(host, type, id),
  });
  const {
    stageId = null,
    code = null,
    stands = false,
  } = row.details as {
    stageId?: string;
    code?: string;
    stands?: boolean;
  };
  const sale = row.details as unknown as Partial<NonNullable<ConflictView["sale"]>>;
  return {
    id: row.id,
    kind,
    foundAt: row.foundAt.toISOString(),
    actions: conflictActions[kind].filter((action) => isPossible(action, { user, resolvedAt, ...row })),
    dismissed: resolvedAt !== null,
    person: {
      id: user.id,
      name: fullName(user),
      isPaid: user.isPaid,
    },
    record: card(aboutContact.has(kind) ? "contact" : "deal", row.portalId),
    contact: user.bitrix24ContactId === null ? null : card("contact", user.bitrix24ContactId),
    deal: user.bitrix24DealId === null ? null : card("deal", user.bitrix24DealId),
    // The snapshot is newer than the stage that was stored when the conflict was opened.
    stageId: kind === "STAGE_REFUSED" ? stageId : (user.dealSnapshot?.stageId ?? stageId),
    code,
    stands,
    sale: kind === "SALE_CHANGED" && sale.now ? { now: sale.now, was: sale.was ?? null } : null,
  };
}
