import type { Tx } from "../database/db";
import type { Env } from "../platform/env";
import { type NoticeKind, noticeKinds } from "../platform/letter-template";

/** Whether notices of this kind are wanted at this moment and can have a receiver. */
export function isWanted(env: Env, kind: NoticeKind): boolean {
  if (kind === "welcome") return env.WELCOME_MAIL === "on";
  if (kind === "responsible") return env.RESPONSIBLE_MESSAGE === "on";
  return env.MANAGER_MAIL === "on" && env.MANAGER_EMAILS.length > 0;
}

/** Tells the trigger on User which notices are wanted. While none is, a registration writes no row for them. */
export async function followNoticeKinds({ db, env }: { db: Tx; env: Env }): Promise<void> {
  const wanted = noticeKinds.filter((kind) => isWanted(env, kind));
  await db.noticeKind.createMany({ data: wanted.map((kind) => ({ kind })), skipDuplicates: true });
  await db.noticeKind.deleteMany({ where: { kind: { notIn: wanted } } });
}
