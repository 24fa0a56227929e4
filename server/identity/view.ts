import type { Services } from "../services";
import type { IdentityQuestion } from "./question";
import { readQuestion } from "./question";

export interface IdentityView {
  /** The addresses under which the portal is known, the latest last. */
  hosts: string[];
  question: (IdentityQuestion & { askedAt: string }) | null;
  /** Nothing is written yet: what was put back from a backup is compared first. */
  comparing: boolean;
}

/** What is known of the portal, and what an administrator is asked about it. */
export async function readIdentity({ db }: Pick<Services, "db">): Promise<IdentityView> {
  const row = await db.installation.findUnique({
    where: { id: 1 },
    select: { portalHosts: true, question: true, questionAt: true, compareFirst: true },
  });
  const question = readQuestion(row?.question ?? null);
  const run = row?.compareFirst
    ? await db.reconcileRun.findUnique({ where: { id: row.compareFirst }, select: { finishedAt: true } })
    : null;
  return {
    hosts: row?.portalHosts ?? [],
    question: question && { ...question, askedAt: (row?.questionAt ?? new Date()).toISOString() },
    comparing: run?.finishedAt === null,
  };
}
