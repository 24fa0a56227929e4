import type { Bitrix24Error } from "../bitrix24/transport/error";

/** Everything a registration needs on the portal, in the order in which it should be fixed. */
export const checkIds = [
  "credentials",
  "scopes",
  "contacts",
  "deals",
  "duplicates",
  "rows",
  "writing",
  "demands",
  "fields",
  "product",
  "currency",
  "funnel",
  "stage",
  "paidStage",
  "source",
  "responsible",
  "forms",
  "visibility",
  "marks",
  "clock",
  "events",
  "messages",
  "database",
  "mail",
] as const;
export type CheckId = (typeof checkIds)[number];

/** `fail` stops registrations; `warn` is worth a look; `skip` is not configured or could not be asked. */
export type CheckState = "ok" | "warn" | "fail" | "skip";

export interface Check {
  id: CheckId;
  state: CheckState;
  /** Facts for the line: ids, codes and numbers; nothing personal, nothing secret. */
  facts: Record<string, string | number>;
}

export const check = (id: CheckId, state: CheckState, facts: Check["facts"] = {}): Check => ({ id, state, facts });

/** What the check is about, as administrators know it. */
export function subjectOf({ facts }: Check): { field?: string } {
  const { fields, field, stage, id, code } = facts;
  const [first] = [fields, field, stage, id, code].filter((fact) => fact !== undefined);
  return first === undefined ? {} : { field: String(first) };
}

/** A request that the portal rejected, with the portal's code. */
export const refused = (id: CheckId, error: Bitrix24Error, state: CheckState): Check =>
  check(id, state, { code: error.code });
