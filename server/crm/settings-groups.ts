import { createHash } from "node:crypto";
import { type CrmSettings, crmSettingsOf } from "../bitrix24/crm-settings";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import { envOfForm } from "../forms/form-env";
import { firstFormId } from "../forms/forms";
import type { Services } from "../services";

type Deps = Pick<Services, "env" | "forms">;

/**
 * Forms whose registrations are sent with the same settings. What the portal refuses to one of them because of the
 * settings, it refuses to all of them, and says nothing about the others.
 */
export interface SettingsGroup {
  /** Differs from each other group's, and from this one's before a change of its settings. */
  key: string;
  settings: CrmSettings;
  /** The first of its forms, by which pages and mails name it. */
  formId: number;
  /** Null: all registrations are in this group. */
  forms: number[] | null;
}

export interface SettingsGroups {
  all: SettingsGroup[];
  /** Undefined for a form that this process has not read. */
  of(formId: number | null): SettingsGroup | undefined;
}

/** A refusal that every registration of the group gets until the portal or the settings are corrected. */
export interface CommonCause {
  error: Bitrix24Error;
  group: SettingsGroup;
}

/** What a run has shown about each group of people. */
export interface Shown {
  groupOf(userId: number): SettingsGroup;
  /** All groups with a registration in this run. */
  groups: SettingsGroup[];
  /** Groups with a completed registration, by key. */
  through: ReadonlySet<string>;
  /** The steps that succeeded for at least one registration, by the group's key. */
  passed: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The groups as they are now, also of closed forms: their people may still wait. */
export function settingsGroups({ env, forms }: Deps): SettingsGroups {
  const byKey = new Map<string, SettingsGroup & { forms: number[] }>();
  const byForm = new Map<number, SettingsGroup>();
  for (const { id, definition } of forms.all()) {
    const own = definition.settings;
    const settings = crmSettingsOf(envOfForm(env, own), own.responsible === undefined ? null : id);
    const key = createHash("sha256").update(JSON.stringify(settings)).digest("base64url");
    const group = byKey.get(key) ?? { key, settings, formId: id, forms: [] };
    group.forms.push(id);
    byKey.set(key, group);
    byForm.set(id, group);
  }
  const [only, ...others] = byKey.values();
  if (only && others.length === 0) Object.assign(only, { forms: null });
  return { all: [...byKey.values()], of: (formId) => byForm.get(formId ?? firstFormId) };
}

/** The groups, with the forms read again if one of these is missing: another process has just made it. */
export async function settingsGroupsFor(deps: Deps, formIds: (number | null)[]): Promise<SettingsGroups> {
  const groups = settingsGroups(deps);
  if (formIds.every((id) => groups.of(id))) return groups;
  await deps.forms.reload();
  return settingsGroups(deps);
}
