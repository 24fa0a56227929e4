import type { Env } from "../platform/env";
import { seal, unseal } from "../platform/seal";
import type { SettingKey } from "./definitions";

/**
 * Secret settings, such as a bot's token, are stored encrypted. Their sealed text stands wherever other settings have their
 * plain one: in the table, in the history and between the two steps of the form.
 */

type SealEnv = Pick<Env, "SESSION_SECRET">;

const prefix = "sealed:";
/** Binds a sealed text to its setting: that of another one does not open. */
const purposeOf = (key: SettingKey) => `setting:${key}`;

export const isSealed = (text: string): boolean => text.startsWith(prefix);

export const sealText = (env: SealEnv, key: SettingKey, text: string): string =>
  prefix + seal(env, purposeOf(key), text);

/** The plain text; null if the session secret that sealed it is gone, or it was sealed for something else. */
export const openText = (env: SealEnv, key: SettingKey, text: string): string | null =>
  isSealed(text) ? (unseal(env, purposeOf(key), text.slice(prefix.length))?.text ?? null) : text;

/** The same text sealed by the present session secret, if an older one has sealed it; else null. */
export function resealed(env: SealEnv, key: SettingKey, text: string): string | null {
  if (!isSealed(text)) return null;
  const opened = unseal(env, purposeOf(key), text.slice(prefix.length));
  return opened && !opened.isCurrent ? sealText(env, key, opened.text) : null;
}
