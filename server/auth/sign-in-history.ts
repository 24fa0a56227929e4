import type { Services } from "../services";

/** A sign-in, or the wrong passwords or wrong codes of one hour. */
export type SignInView =
  | { kind: "started"; at: string; userAgent: string | null; address: string | null }
  | { kind: "refused" | "code_refused"; at: string; count: number };

const shown = 20;

/** A person's own sign-ins, and the wrong passwords and codes between them, the newest first. */
export async function listSignIns({ db }: Pick<Services, "db">, userId: number): Promise<SignInView[]> {
  const [started, refused] = await Promise.all([
    db.signIn.findMany({ where: { userId }, orderBy: { id: "desc" }, take: shown }),
    db.auditEntry.findMany({
      where: { targetId: userId, action: { in: ["session.refused", "factor.refused"] } },
      orderBy: { id: "desc" },
      take: shown,
      select: { at: true, action: true, details: true },
    }),
  ]);
  const views: SignInView[] = [
    ...started.map(({ at, userAgent, address }) => ({
      kind: "started" as const,
      at: at.toISOString(),
      userAgent,
      address,
    })),
    ...refused.map(({ at, action, details }) => ({
      kind: action === "factor.refused" ? ("code_refused" as const) : ("refused" as const),
      at: at.toISOString(),
      count: Number((details as { count?: unknown }).count),
    })),
  ];
  return views.sort((a, b) => b.at.localeCompare(a.at)).slice(0, shown);
}
