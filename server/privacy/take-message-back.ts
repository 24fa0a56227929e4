import type { Erasure } from "../../prisma/generated/client";
import type { Marked } from "../bitrix24/marks";
import { takeBackCommand } from "../bitrix24/notify";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import type { Services } from "../services";

/**
 * Removes the message that told the responsible person of an erased one, by its tag; the mark that it was sent under may be
 * a former one of this installation. Where no message is known of, but a deal of the person bears a former mark, this
 * database was restored since, and a message may have been sent after the backup. A portal that refuses, as after the
 * permission was taken away, holds up no erasure: an employee has read the message. Returns the failures that may not be the
 * portal's last word.
 */
export async function takeMessageBack(
  { db, bitrix24, log }: Pick<Services, "db" | "bitrix24" | "log">,
  { userId, toldAt, requestedAt }: Pick<Erasure, "userId" | "toldAt" | "requestedAt">,
  deals: Marked[],
): Promise<Bitrix24Error[]> {
  const { own, former } = await bitrix24.marks();
  const isKnown = toldAt !== null;
  const marks = isKnown ? [own, ...former] : former.filter((mark) => deals.some((deal) => deal.originatorId === mark));
  if (marks.length === 0) return [];
  const outcomes = await bitrix24.batchRunner.send(
    marks.map((mark) => ({ kind: "message.delete", ...takeBackCommand(userId, mark) })),
  );
  const failures = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
  for (const { code } of failures)
    log[isKnown ? "warn" : "info"]({ userId, code }, "the portal did not take a message about an erased person back");
  const unsure = failures.filter((error) => !error.refusesCommand);
  // The deals that tell of a message after the backup may be gone at the next attempt.
  const next = unsure.length === 0 ? null : (toldAt ?? requestedAt);
  if (next !== toldAt) await db.erasure.update({ where: { userId }, data: { toldAt: next }, select: { userId: true } });
  return unsure;
}
