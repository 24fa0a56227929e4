import { z } from "zod";
import type { Prisma } from "../../prisma/generated/client";
import { raiseAlert } from "../alerts/raise";
import { portalChanged } from "../bitrix24/portal-watch";
import type { Tx } from "../database/db";
import { openBreaker } from "../queue/circuit-breaker";
import type { Services } from "../services";
import type { PortalChange } from "./compare";
import type { Inspection } from "./facts";

const count = z.number().int();
const schema = z.object({
  /**
   * `portal`: another portal answers, and nothing is written. `database`: this database may be a copy, and the records
   * that it created before are left alone.
   */
  kind: z.enum(["portal", "database"]),
  change: z.enum(["host", "founded", "owner", "records", "home"]),
  /** The address of the portal that answers now. */
  host: z.string(),
  sample: z.object({ asked: count, ours: count, foreign: count, missing: count }),
});

/** A question that an administrator has to answer before this installation continues. */
export type IdentityQuestion = z.infer<typeof schema>;

/** The open question of a row; an unreadable one counts as the stricter kind. */
export function readQuestion(stored: Prisma.JsonValue | null): IdentityQuestion | null {
  if (stored === null) return null;
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  const sample = { asked: 0, ours: 0, foreign: 0, missing: 0 };
  return { kind: "portal", change: "records", host: "", sample };
}

export const questionOf = (
  kind: IdentityQuestion["kind"],
  change: PortalChange | "home",
  { host, sample }: Pick<Inspection, "host" | "sample">,
): IdentityQuestion => ({ kind, change, host, sample });

/** Saves the question unless one is open already; true if it was saved. */
export async function openQuestion(tx: Tx, question: IdentityQuestion): Promise<boolean> {
  const { count: opened } = await tx.installation.updateMany({
    where: { id: 1, questionAt: null },
    data: { question, questionAt: new Date() },
  });
  return opened > 0;
}

/**
 * Notifies the operator once, when the question is new. Another portal is reported by the circuit breaker, which pauses
 * the queue at once.
 */
export async function announceQuestion(
  deps: Pick<Services, "db" | "env" | "log">,
  { kind, change, host }: IdentityQuestion,
): Promise<void> {
  deps.log.error(
    { kind, change, portal: host },
    "the portal or the database has changed: an administrator has to say how",
  );
  if (kind === "portal") return openBreaker(deps, portalChanged());
  await raiseAlert(deps, { kind: "moved", facts: {} });
}
