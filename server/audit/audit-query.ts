import { parseLogId } from "../platform/ids";
import { personNumber } from "../platform/person-number";
import type { AuditFilters } from "./audit";
import { type AuditAction, auditActions } from "./audit-actions";

/** Which entries the audit log shows, as its address says it. Free of the database. */
export interface AuditQuery {
  who: NonNullable<AuditFilters["actor"]>["kind"] | null;
  /** The user or token, where one is meant. */
  id: number | null;
  action: AuditAction | null;
  target: number | null;
  before: string | null;
  /** Parameters that were not understood and therefore left out, by name. */
  ignored: string[];
}

export const actorKinds = ["USER", "TOKEN", "BITRIX24", "SYSTEM"] as const;

const known = new Set(["who", "id", "action", "target", "before"]);

/** Reads an address leniently: what is not understood is left out and named, never an error. */
export function parseAuditQuery(params: URLSearchParams): AuditQuery {
  const ignored = [...new Set(params.keys())].filter((name) => !known.has(name)).slice(0, 10);
  const take = <T>(name: string, read: (text: string) => T | null | undefined): T | null => {
    const text = params.get(name)?.trim();
    if (!text) return null;
    const value = read(text) ?? null;
    if (value === null) ignored.push(name);
    return value;
  };
  const who = take("who", (text) => actorKinds.find((kind) => kind === text));
  const id = take("id", personNumber);
  // A number alone says neither whether it is a person's nor a token's.
  if (id !== null && who !== "USER" && who !== "TOKEN") ignored.push("id");
  return {
    who,
    id: who === "USER" || who === "TOKEN" ? id : null,
    action: take("action", (text) => auditActions.find((action) => action === text)),
    target: take("target", personNumber),
    before: take("before", (text) => parseLogId(text)?.toString()),
    ignored,
  };
}

/** The filters as an address; pages lead to one another by it. */
export function auditSearch({ who, id, action, target }: AuditQuery, before?: string): string {
  const set = Object.entries({ who, id, action, target, before: before ?? null }).flatMap(([name, value]) =>
    value === null ? [] : [[name, String(value)]],
  );
  return set.length > 0 ? `?${new URLSearchParams(set)}` : "";
}

export const auditFilters = ({ who, id, action, target, before }: AuditQuery): AuditFilters => ({
  actor: who === null ? undefined : { kind: who, id: id ?? undefined },
  action: action ?? undefined,
  targetId: target ?? undefined,
  before: before ?? undefined,
});
