/** A sign-in, or the wrong passwords or wrong codes of one hour. */
export type SignInView =
  | { kind: "started"; at: string; userAgent: string | null; address: string | null }
  | { kind: "refused" | "code_refused"; at: string; count: number };

/** More are not shown. */
export const shownSignIns = 20;

/** The audit entries of what was refused. */
export const refusals = ["session.refused", "factor.refused"];

/** What is read of sign-ins and of refusals for their view. */
export interface SignInRows {
  started: { at: Date; userAgent: string | null; address: string | null }[];
  refused: { at: Date; action: string; details: unknown }[];
}

/** A person's own sign-ins, and the wrong passwords and codes between them, the newest first. */
export function viewSignIns({ started, refused }: SignInRows): SignInView[] {
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
  return views.sort((a, b) => b.at.localeCompare(a.at)).slice(0, shownSignIns);
}
