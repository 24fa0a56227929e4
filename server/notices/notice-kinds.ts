import type { Tx } from "../database/db";
import type { Env } from "../platform/env";
import { type LetterKind, letterKinds } from "../platform/letter-template";

/** Whether mails of this kind are wanted at this moment and have a receiver. */
export function isWanted(env: Env, kind: LetterKind): boolean {
  if (kind === "welcome") return env.WELCOME_MAIL === "on";
  return env.MANAGER_MAIL === "on" && env.MANAGER_EMAILS.length > 0;
}

/** Tells the trigger on User which mails are wanted. While none is, a registration writes no row for them. */
export async function followNoticeKinds({ db, env }: { db: Tx; env: Env }): Promise<void> {
  const wanted = letterKinds.filter((kind) => isWanted(env, kind));
  await db.noticeKind.createMany({ data: wanted.map((kind) => ({ kind })), skipDuplicates: true });
  await db.noticeKind.deleteMany({ where: { kind: { notIn: wanted } } });
}
