import type { Erasure } from "../../prisma/generated/client";
import { takeBackCommand } from "../bitrix24/notify";
import type { Services } from "../services";

/**
 * Removes the message that told the responsible person of an erased one, by its tag; the mark that it was sent under may be
 * a former one of this installation. A portal that refuses, as after the permission was taken away, holds up no erasure: an
 * employee has read the message.
 */
export async function takeMessageBack(
  { db, bitrix24, log }: Pick<Services, "db" | "bitrix24" | "log">,
  { userId, toldAt }: Pick<Erasure, "userId" | "toldAt">,
): Promise<void> {
  if (toldAt === null) return;
  const { own, former } = await bitrix24.marks();
  const outcomes = await bitrix24.batchRunner.send(
    [own, ...former].map((mark) => ({ kind: "message.delete", ...takeBackCommand(userId, mark) })),
  );
  for (const outcome of outcomes) {
    if (outcome.ok) continue;
    const { kind, code, applied } = outcome.error;
    if (applied === "unknown" || kind === "outage" || kind === "limit") throw outcome.error;
    log.warn({ userId, code }, "the portal did not take a message about an erased person back");
  }
  await db.erasure.update({ where: { userId }, data: { toldAt: null }, select: { userId: true } });
}
