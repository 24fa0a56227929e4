import { type Actor, systemActor } from "../audit/actor";
import { audit } from "../audit/audit";
import type { Tx } from "../database/db";
import { AppError } from "../platform/errors";
import { resentWithinMs } from "../platform/resent-form";
import { seal } from "../platform/seal";
import type { Services } from "../services";
import { isWebhookEvent, testEvent, type WebhookEvent } from "./events";
import { urlProblem } from "./public-address";
import { secretPurpose } from "./secrets";
import { newSecret } from "./signature";

export interface WebhookView {
  id: number;
  url: string;
  events: WebhookEvent[];
  createdAt: string;
  createdById: number;
  disabledAt: string | null;
  /** Messages that wait for an attempt, and those given up. */
  waiting: number;
  failed: number;
}

export interface DeliveryView {
  id: string;
  webhookId: number;
  url: string;
  event: string;
  userId: number | null;
  at: string;
  state: string;
  attempts: number;
  attemptedAt: string | null;
  nextAttemptAt: string;
  status: number | null;
  error: string | null;
  /** What was sent; null before the first attempt, and once the person is erased. */
  body: string | null;
  isErased: boolean;
  /** Its webhook is off, so nothing is sent. */
  isOff: boolean;
}

export const maxWebhooks = 20;
export const maxUrlLength = 2_000;

export interface NewWebhook {
  url: string;
  events: WebhookEvent[];
  /**
   * The newest webhook that its maker has seen on the page. A newer one of the same maker, address and events that was
   * made just now comes from a duplicate submission of the same form: its secret was never shown, so it is removed.
   */
  seen?: number | undefined;
}

/** Makes a webhook. This is the only moment at which its secret is told. Throws INVALID, and CONFLICT beyond `maxWebhooks`. */
export async function createWebhook(
  { db, env }: Pick<Services, "db" | "env">,
  { actor, url: typed, events, seen }: NewWebhook & { actor: Actor & { kind: "USER" } },
): Promise<{ id: number; url: string; secret: string }> {
  const problem = typed.length > maxUrlLength || urlProblem(typed, { internalHosts: env.WEBHOOK_INTERNAL_HOSTS });
  if (problem || events.length === 0) throw new AppError("INVALID");
  // As the parser reads it: what was typed may hold characters that the database refuses.
  const url = new URL(typed).href;
  const secret = newSecret();
  const { id } = await db.$transaction(async (tx) => {
    // Serialises forms that arrive at the same moment.
    await tx.$queryRaw`select "id" from "User" where "id" = ${actor.id} for update`;
    if (seen !== undefined) await removeUnseen(tx, { actor, url, events, seen });
    if ((await tx.webhook.count()) >= maxWebhooks) throw new AppError("CONFLICT");
    const made = await tx.webhook.create({
      data: { url, events, sealedSecret: seal(env, secretPurpose(url), secret), createdById: actor.id },
      select: { id: true },
    });
    await audit(tx, { actor, action: "webhook.create", details: { webhookId: made.id } });
    return made;
  });
  return { id, url, secret };
}

/** A webhook that has asked its receiver for anything is in use, and stays. */
async function removeUnseen(
  tx: Tx,
  { actor, url, events, seen }: NewWebhook & { actor: Actor & { kind: "USER" }; seen: number },
): Promise<void> {
  const unseen = await tx.webhook.findMany({
    where: {
      id: { gt: seen },
      url,
      createdById: actor.id,
      createdAt: { gt: new Date(Date.now() - resentWithinMs) },
      disabledAt: null,
      deliveries: { none: { attempts: { gt: 0 } } },
    },
    select: { id: true, events: true },
  });
  const wanted = [...events].sort().join();
  for (const { id } of unseen.filter((found) => found.events.sort().join() === wanted)) {
    await tx.webhook.delete({ where: { id }, select: { id: true } });
    await audit(tx, { actor, action: "webhook.remove", details: { webhookId: id } });
  }
}

export async function listWebhooks({ db }: Pick<Services, "db">): Promise<WebhookView[]> {
  const [rows, counts] = await Promise.all([
    db.webhook.findMany({ orderBy: { id: "asc" } }),
    db.webhookDelivery.groupBy({ by: ["webhookId", "state"], _count: true, where: { state: { not: "delivered" } } }),
  ]);
  const count = (id: number, state: string) =>
    counts.find((each) => each.webhookId === id && each.state === state)?._count ?? 0;
  return rows.map(({ id, url, events, createdAt, createdById, disabledAt }) => ({
    id,
    url,
    events: events.filter(isWebhookEvent),
    createdAt: createdAt.toISOString(),
    createdById,
    disabledAt: disabledAt?.toISOString() ?? null,
    waiting: count(id, "pending"),
    failed: count(id, "failed"),
  }));
}

/** The newest messages of all webhooks. */
export async function listDeliveries({ db }: Pick<Services, "db">, limit = 100): Promise<DeliveryView[]> {
  const rows = await db.webhookDelivery.findMany({
    orderBy: { id: "desc" },
    take: limit,
    include: { webhook: { select: { url: true, disabledAt: true } }, user: { select: { erasedAt: true } } },
  });
  return rows.map(({ id, webhook, user, at, attemptedAt, nextAttemptAt, snapshot: _, messageId: __, ...row }) => ({
    ...row,
    id: String(id),
    url: webhook.url,
    at: at.toISOString(),
    attemptedAt: attemptedAt?.toISOString() ?? null,
    nextAttemptAt: nextAttemptAt.toISOString(),
    isErased: user?.erasedAt != null,
    isOff: webhook.disabledAt !== null,
  }));
}

/** Switches a webhook on or off. What happens while it is off is not told later. Throws NOT_FOUND. */
export async function switchWebhook(
  { db }: Pick<Services, "db">,
  { actor, id, on }: { actor: Actor; id: number; on: boolean },
): Promise<void> {
  await db.$transaction(async (tx) => {
    if (!(await tx.webhook.findUnique({ where: { id } }))) throw new AppError("NOT_FOUND");
    const { count } = await tx.webhook.updateMany({
      where: { id, disabledAt: on ? { not: null } : null },
      data: { disabledAt: on ? null : new Date() },
    });
    const action = on ? "webhook.enable" : "webhook.disable";
    if (count > 0) await audit(tx, { actor, action, details: { webhookId: id } });
  });
}

/** The receiver has answered that it is gone. */
export async function disableGone({ db, log }: Pick<Services, "db" | "log">, id: number): Promise<void> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.webhook.updateMany({
      where: { id, disabledAt: null },
      data: { disabledAt: new Date() },
    });
    if (count > 0) await audit(tx, { actor: systemActor, action: "webhook.disable", details: { webhookId: id } });
  });
  log.warn({ webhookId: id }, "webhook switched off: its receiver answered 410");
}

/** Removes a webhook with its log. Throws NOT_FOUND. */
export async function removeWebhook(
  { db }: Pick<Services, "db">,
  { actor, id }: { actor: Actor; id: number },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.webhook.deleteMany({ where: { id } });
    if (count === 0) throw new AppError("NOT_FOUND");
    await audit(tx, { actor, action: "webhook.remove", details: { webhookId: id } });
  });
}

/** Puts a message without personal data into the outbox. Throws NOT_FOUND. */
export async function sendTest(
  { db }: Pick<Services, "db">,
  { actor, id }: { actor: Actor; id: number },
): Promise<void> {
  await db.$transaction(async (tx) => {
    // Waits for a removal that is under way: the message of a webhook that is gone cannot be inserted.
    const found = await tx.$queryRaw<unknown[]>`select "id" from "Webhook" where "id" = ${id} for key share`;
    if (found.length === 0) throw new AppError("NOT_FOUND");
    await tx.webhookDelivery.create({ data: { webhookId: id, event: testEvent }, select: { id: true } });
    await audit(tx, { actor, action: "webhook.test", details: { webhookId: id } });
  });
}

/** Sends a message again under its own id, from the first attempt on. Throws NOT_FOUND, also if the person is erased. */
export async function resendDelivery(
  { db }: Pick<Services, "db">,
  { actor, id }: { actor: Actor; id: bigint },
): Promise<void> {
  await db.$transaction(async (tx) => {
    // Due at once by the database's clock, as the sender asks for it.
    const count = await tx.$executeRaw`
      update "WebhookDelivery" d set "state" = 'pending', "attempts" = 0, "nextAttemptAt" = now(), "status" = null, "error" = null
      where d.id = ${id} and (
        d."userId" is null or exists (select 1 from "User" u where u.id = d."userId" and u."erasedAt" is null))`;
    if (count === 0) throw new AppError("NOT_FOUND");
    const { webhookId } = await tx.webhookDelivery.findUniqueOrThrow({ where: { id }, select: { webhookId: true } });
    await audit(tx, { actor, action: "webhook.resend", details: { webhookId } });
  });
}
