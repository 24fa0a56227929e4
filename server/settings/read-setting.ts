import type { z } from "zod";
import { type Env, envChecks } from "../platform/env";
import { type SettingKey, setting, type settings, tooLong, type Words } from "./definitions";
import { openText } from "./secret-text";

const lost = {
  en: "It can no longer be read, since the session secret was changed. Enter it again.",
  ru: "Его больше не прочитать: секрет сессий изменился. Введите заново.",
};

/** What administrators may set, under the names by which the product reads it. */
export type SettingValues = Partial<Pick<Env, (typeof settings)[SettingKey]["env"]>>;

/** Browsers end lines with two characters; one is stored, so that the same text is no change. */
export const plainLines = (text: string): string => text.trim().replace(/\r\n?/g, "\n");

/**
 * `1 500,50`, as it is written in Russian. `1,500` is left to be refused: it is one and a half in one language and one and a
 * half thousand in the other.
 */
const plainNumber = (text: string): string =>
  text
    .trim()
    .replace(/(\d)[ \u00a0\u202f](?=\d{3}(?:\D|$))/g, "$1")
    .replace(/^(\d+),(\d{1,2})$/, "$1.$2");

/**
 * Checks a stored text. `value` is what the product reads; a blank text has the default, which may be undefined. `secrets`
 * open the text of a secret setting.
 */
export function readSetting(
  key: SettingKey,
  stored: string,
  secrets: Pick<Env, "SESSION_SECRET"> = { SESSION_SECRET: [] },
): { value: unknown } | { problem: Words } {
  const { env, max, wrong, input } = setting(key);
  const text = input === "secret" ? openText(secrets, key, stored) : input === "lines" ? plainLines(stored) : stored;
  if (text === null) return { problem: lost };
  const check: z.ZodType = envChecks[env];
  if (text.trim() === "") return { value: check.parse(undefined) };
  if (text.length > max) return { problem: tooLong(max) };
  // One line: control characters would stand in mails' headers and in the portal's fields.
  if (/\p{Cc}/u.test(input === "lines" ? text.replaceAll("\n", "") : text))
    return { problem: { en: "Line breaks and control characters cannot be used here.", ru: "Без переносов строк." } };
  const plain = input === "number" ? plainNumber(text) : text.trim();
  // An amount has two decimals: what the portal rounds would differ from what was sent.
  const parsed =
    key === "price" && !/^\d+(\.\d{1,2})?$/.test(plain) ? { success: false as const } : check.safeParse(plain);
  if (parsed.success) return { value: parsed.data };
  return { problem: typeof wrong === "function" ? wrong(text) : wrong };
}
