import { z } from "zod";
import { entityOfStep } from "../bitrix24/sent-fields";
import { requiredCode } from "../crm/refused-field";
import type { SettingsGroup } from "../crm/settings-groups";
import { firstFormId } from "../forms/forms";
import { readFieldMap } from "../platform/field-map";
import type { Services } from "../services";
import type { Check } from "./check";

/**
 * Since when checks have found the portal's mandatory fields that registrations of some form leave empty, by
 * `deal.ufCrmField`. By default a portal tells that its own fields are mandatory and does not demand them of programs; only
 * a registration that gets through without the field shows it.
 */
const kept = z.object({ demandedSince: z.record(z.string(), z.coerce.date()) });

type Deps = Pick<Services, "db">;
type Forms = SettingsGroup["forms"];

interface Proof {
  /** When the last contact and the last deal were created. */
  contact: Date | null;
  deal: Date | null;
  /** Since when this portal is the present one. */
  moved: Date | null;
}

async function demandedSince({ db }: Deps): Promise<Record<string, Date>> {
  const row = await db.crmPortal.findUniqueOrThrow({ where: { id: 1 }, select: { connectionCheck: true } });
  return kept.safeParse(row.connectionCheck).data?.demandedSince ?? {};
}

/** What is to be stored of these checks. A portal that did not describe its fields changes nothing. */
export async function demandsToKeep(deps: Deps, checks: Check[]): Promise<Record<string, string>> {
  const found = checks.find(({ id }) => id === "demands");
  const before = await demandedSince(deps);
  const isTold = found && found.state !== "skip" && found.facts.code === undefined;
  const names = isTold ? String(found.facts.demanded ?? "").split(" ") : Object.keys(before);
  const now = new Date();
  return Object.fromEntries(
    names.filter((name) => name !== "").map((name) => [name, (before[name] ?? now).toISOString()]),
  );
}

/**
 * The mandatory fields without which contacts and deals were created since they were found. A later refusal for that very
 * field disproves it; one for another field may be about what a single person did not fill in. `forms`: only their people
 * count, and only since the last change of a map that filled the field.
 */
export async function provenDemands(deps: Deps, forms: Forms): Promise<ReadonlySet<string>> {
  const since = Object.entries(await demandedSince(deps));
  if (since.length === 0) return new Set();
  const { db } = deps;
  const [row] = await db.$queryRaw<Proof[]>`
    with own as not materialized (
      select l.* from "CrmLog" l join "User" u on u.id = l."userId"
      where ${forms}::int[] is null or coalesce(u."formId", ${firstFormId}) = any(${forms}::int[])
    ), added as (
      select
        (select at from own where method = 'crm.item.add' and outcome = 'OK' and "contactId" is not null
         order by at desc limit 1) as contact,
        (select at from own where method = 'crm.item.add' and outcome = 'OK' and "dealId" is not null
         order by at desc limit 1) as deal
    )
    select contact, deal, (select "portalSince" from "Installation" where id = 1) as moved from added`;
  const changes = await mapChanges(deps, forms);
  const refused = await lastRefusals(deps, forms);
  const isProven = ([name, at]: [string, Date]) => {
    const added = name.startsWith("contact.") ? row?.contact : row?.deal;
    const bounds = [at, row?.moved, ...changes.flatMap((change) => (change.fills(name) ? [change.at] : []))];
    const later = refused.some(({ isAbout, at: refusedAt }) => added && refusedAt > added && isAbout(name));
    return added && !later && bounds.every((bound) => !bound || added > bound);
  };
  return new Set(since.filter(isProven).map(([name]) => name));
}

/** When people of these forms were last refused for a missing field, and for which one. */
async function lastRefusals({ db }: Deps, forms: Forms): Promise<{ at: Date; isAbout(name: string): boolean }[]> {
  const rows = await db.$queryRaw<{ step: string; field: string; at: Date }[]>`
    select r.step, r.field, max(r.at) as at from "CrmRefusal" r join "User" u on u.id = r."userId"
    where r.code = ${requiredCode} and r.field is not null
      and (${forms}::int[] is null or coalesce(u."formId", ${firstFormId}) = any(${forms}::int[]))
    group by 1, 2`;
  return rows.map(({ step, field, at }) => ({
    at,
    isAbout(name) {
      const [entity, own = ""] = name.split(".");
      return entityOfStep(step) === entity && (field === own || field.endsWith(` (${own})`));
    },
  }));
}

/** When field maps of these forms were changed, and which fields they filled until then. */
async function mapChanges({ db }: Deps, forms: Forms): Promise<{ at: Date; fills(name: string): boolean }[]> {
  // Without a text of its own the site has the environment's map: which of those it has had is not known.
  const rows = await db.$queryRaw<{ at: Date; before: string }[]>`
    select at, coalesce(changes->'fields'->>'from', (select string_agg(text, ',') from "EnvironmentFieldMap"), '') as before
    from "SettingChange" where jsonb_exists(changes, 'fields')
    union all
    select at, before->'definition'->'settings'->>'fields' from "FormChange"
    where (${forms}::int[] is null or "formId" = any(${forms}::int[]))
      and before->'definition'->'settings'->>'fields' is not null
      and before->'definition'->'settings'->>'fields' is distinct from after->'definition'->'settings'->>'fields'`;
  return rows.map(({ at, before }) => {
    const rules = readFieldMap(before);
    const filled = new Set(rules?.map(({ entity, field }) => plain(`${entity}.${field}`)));
    return { at, fills: (name) => rules === null || filled.has(plain(name)) };
  });
}

/** Maps may name a field as `UF_CRM_FIELD`, the portal as `ufCrmField`. */
const plain = (name: string): string => name.replaceAll("_", "").toLowerCase();
