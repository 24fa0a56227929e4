import type { z } from "zod";
import { type Env, envChecks } from "../platform/env";
import { type SettingKey, setting, type settings, tooLong, type Words } from "./definitions";

/** What administrators may set, under the names by which the product reads it. */
export type SettingValues = Partial<Pick<Env, (typeof settings)[SettingKey]["env"]>>;

/** Checks a text. `value` is what the product reads; a blank text has the default, which may be undefined. */
export function readSetting(key: SettingKey, text: string): { value: unknown } | { problem: Words } {
  const { env, max, wrong } = setting(key);
  const check: z.ZodType = envChecks[env];
  if (text.trim() === "") return { value: check.parse(undefined) };
  if (text.length > max) return { problem: tooLong(max) };
  // One line: control characters would stand in mails' headers and in the portal's fields.
  if (/\p{Cc}/u.test(text))
    return { problem: { en: "Line breaks and control characters cannot be used here.", ru: "Без переносов строк." } };
  const parsed = check.safeParse(text.trim());
  if (parsed.success) return { value: parsed.data };
  return { problem: typeof wrong === "function" ? wrong(text) : wrong };
}
