import { mustCompareFirst } from "../queue/compare-first";
import type { Services } from "../services";
import type { IdentityQuestion } from "./question";
import { readQuestion } from "./question";

export interface IdentityView {
  /** The known addresses of the portal, the latest last. */
  hosts: string[];
  question: (IdentityQuestion & { askedAt: string }) | null;
  /** Nothing is written yet: the restored portal or database is compared first. */
  comparing: boolean;
}

/** The stored facts of the portal, and the open question about it. */
export async function readIdentity({ db }: Pick<Services, "db">): Promise<IdentityView> {
  const row = await db.installation.findUnique({
    where: { id: 1 },
    select: { portalHosts: true, question: true, questionAt: true },
  });
  const question = readQuestion(row?.question ?? null);
  return {
    hosts: row?.portalHosts ?? [],
    question: question && { ...question, askedAt: (row?.questionAt ?? new Date()).toISOString() },
    comparing: await mustCompareFirst(db),
  };
}
