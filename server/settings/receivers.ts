import type { Changes } from "./change";
import { type SettingKey, setting } from "./definitions";

/**
 * Whether data of people go to another receiver from then on, as with a new webhook. Not where a receiver is removed, or
 * the mails to it are switched off.
 */
export const namesReceiver = (changes: Changes): boolean =>
  Object.entries(changes).some(([key, { to }]) => isReceiver(key, to));

/** The same of taking the changes back. */
export const namedReceiver = (changes: Changes): boolean =>
  Object.entries(changes).some(([key, { from }]) => isReceiver(key, from));

const isReceiver = (key: string, value: string | null): boolean =>
  Boolean(setting(key as SettingKey).receives) && value !== null && value !== "off";
