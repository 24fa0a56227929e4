import type { Env } from "../platform/env";
import { writeFieldMap } from "../platform/field-map";
import type { Services } from "../services";
import { newestChange, storedSettings } from "./change";
import { type SettingGroup, type SettingKey, setting, settingKeys } from "./definitions";
import { isLocked } from "./settings";

/** One setting as the page shows it; its words are in definitions.ts. */
export interface SettingView {
  key: SettingKey;
  /** What applies now: the stored text, the environment's value, or the default. Never a secret's. */
  text: string;
  /** Of a secret: whether there is one. */
  isSet?: boolean | undefined;
  /** The environment has it, so that it cannot be changed here. */
  locked: boolean;
}

export interface SettingsView {
  settings: SettingView[];
  /** The newest change that the page shows, see newestChange. */
  seen: number;
}

/** The settings of a page, or of all of them, as they are stored at this moment. */
export async function viewSettings(
  { db, env }: Pick<Services, "db" | "env">,
  group?: SettingGroup,
): Promise<SettingsView> {
  // First, so that a change in between is noticed when the form is sent.
  const seen = await newestChange({ db });
  const stored = await storedSettings({ db });
  const keys = settingKeys.filter((key) => group === undefined || setting(key).group === group);
  return {
    seen,
    settings: keys.map((key) => {
      const locked = isLocked({ env }, key);
      const text = locked ? lockedText(env, key) : (stored[key] ?? setting(key).usual ?? "");
      if (setting(key).input === "secret") return { key, locked, text: "", isSet: text !== "" };
      return { key, locked, text };
    }),
  };
}

/** The environment's value as a text that the setting's check reads again. */
export function lockedText(env: Env, key: SettingKey): string {
  if (setting(key).input === "map") return writeFieldMap(env.BITRIX24_MARK_FIELDS);
  const value: unknown = env[setting(key).env];
  return Array.isArray(value) ? value.join(", ") : String(value ?? "");
}
