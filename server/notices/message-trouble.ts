import { noSuchReceiver } from "../bitrix24/notify";
import type { Services } from "../services";
import { isWanted } from "./notice-kinds";
import { noReceiver } from "./portal-messages";

/** What keeps messages to responsible persons back, by what is written down with them. Codes and numbers only. */
export interface MessageTrouble {
  /** Why the portal takes none; null: it does, as far as is known. */
  waits: string | null;
  /** Employees who lately got none, as if they had left. */
  receivers: number[];
  /** Lately a deal had no responsible person. */
  nobody: boolean;
  /** Codes by which single messages were refused lately. */
  refused: string[];
}

const kind = "responsible";
const latelyMs = 3_600_000;
/** How single messages end without having been refused. */
const ownEnds = ["OFF", "OLD", "PASSED_OVER", "RESTORED"];

/** Null while no messages are wanted, or nothing keeps them back. */
export async function messageTrouble({ db, env }: Pick<Services, "db" | "env">): Promise<MessageTrouble | null> {
  if (!isWanted(env, kind)) return null;
  const lately = { kind, attemptedAt: { gt: new Date(Date.now() - latelyMs) } };
  const [waiting, ended, sent] = await Promise.all([
    db.personNotice.findFirst({
      where: { kind, state: "pending", error: { not: null } },
      orderBy: { attemptedAt: "desc" },
      select: { error: true },
    }),
    db.personNotice.findMany({
      where: { ...lately, state: "failed", error: { notIn: ownEnds } },
      distinct: ["error", "receiver"],
      select: { error: true, receiver: true },
    }),
    db.personNotice.findMany({
      where: { ...lately, state: "sent" },
      distinct: ["receiver"],
      orderBy: { attemptedAt: "desc" },
      select: { receiver: true },
    }),
  ]);
  const gets = new Set(sent.map(({ receiver }) => receiver));
  const silent = ended.flatMap(({ error, receiver }) =>
    error === noSuchReceiver && receiver !== null && !gets.has(receiver) ? [receiver] : [],
  );
  const trouble: MessageTrouble = {
    waits: waiting?.error ?? null,
    receivers: silent.sort((a, b) => a - b),
    nobody: ended.some(({ error }) => error === noReceiver),
    refused: [
      ...new Set(
        ended.flatMap(({ error }) => (error && error !== noSuchReceiver && error !== noReceiver ? [error] : [])),
      ),
    ].sort(),
  };
  const isNone = trouble.waits === null && !trouble.nobody && trouble.receivers.length + trouble.refused.length === 0;
  return isNone ? null : trouble;
}

/** The webhook has the permission by now: what waits for it goes at once. */
export async function sendAfterScope({ db }: Pick<Services, "db">): Promise<void> {
  await db.$executeRaw`
    update "PersonNotice" set "error" = null, "nextAttemptAt" = now()
    where "kind" = ${kind} and "state" = 'pending' and "error" = ${scopeCode}`;
}

export const scopeCode = "INSUFFICIENT_SCOPE";
