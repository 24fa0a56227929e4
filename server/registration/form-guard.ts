import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { isConsentField, shownField } from "../consents/kinds";
import { keyOfField } from "../forms/questions";
import type { Env } from "../platform/env";
import { honeypotField, languageField, stampField, visitField, workField } from "./form-fields";

/**
 * Keeps bots off a public form without a script, a cookie or a library: by a hidden field and a signed time of
 * rendering. There is no minimum time, since autofill is quick.
 */

/** A form in a tab that was open for a working day is accepted. */
export const stampMaxAgeMs = 12 * 60 * 60 * 1_000;

type Secrets = Env["SESSION_SECRET"];

const sign = (secret: string, value: string) =>
  createHmac("sha256", secret).update(`form:${value}`).digest("base64url");

/** The stamp to render into the form. */
export function stampForm([secret = ""]: Secrets, now = Date.now()): string {
  // Random, so that forms rendered at the same moment differ and each can be recognised when it is sent again.
  const value = `${now.toString(36)}-${randomBytes(9).toString("base64url")}`;
  return `${value}.${sign(secret, value)}`;
}

/** `stale`: signed by us, but too long ago; the person only has to send the form again. */
export function checkForm(secrets: Secrets, form: FormData, now = Date.now()): "ok" | "spam" | "stale" {
  const traps = form.getAll(honeypotField);
  // A missing field is as suspicious as a filled one: the sender has not loaded the form.
  if (traps.length !== 1 || traps[0] !== "") return "spam";
  const [value = "", signature = ""] = String(form.get(stampField) ?? "").split(".");
  if (!secrets.some((secret) => sameText(sign(secret, value), signature))) return "spam";
  // A stamp from the future is ours as well: of a process whose clock is ahead, or from before this clock was set back.
  const age = Math.abs(now - Number.parseInt(value, 36));
  return age <= stampMaxAgeMs ? "ok" : "stale";
}

/**
 * The part of the stamp that identifies the form. The signature is checked elsewhere and may have several spellings.
 */
export const stampOf = (form: FormData): string => String(form.get(stampField) ?? "").split(".")[0] ?? "";

const guardFields = new Set([honeypotField, stampField, languageField, workField, shownField, visitField]);
/** Replaces any unknown field name; the schema rejects it. */
const foreignField = "unknown";

/** The inputs of a form. */
export interface AskedFields {
  fields: readonly string[];
  /** Those that may come several times, and how often. */
  lists?: ReadonlyMap<string, number>;
}

/**
 * The form's fields without those of the guard and the consents, which are read by themselves. A repeated field is
 * passed on once more than it may come, which suffices to detect it. Unknown names are not passed on, so that a form of
 * thousands of them costs no more than one. An answer to a question that is not asked is dropped: the page was opened
 * before the form was changed.
 */
export function withoutGuard(form: FormData, { fields, lists }: AskedFields): FormData {
  const rest = new FormData();
  const times = new Map<string, number>();
  for (const [sent, value] of form) {
    if (guardFields.has(sent) || isConsentField(sent)) continue;
    const isAsked = fields.includes(sent);
    if (!isAsked && keyOfField(sent) !== null) continue;
    const name = isAsked ? sent : foreignField;
    const count = (times.get(name) ?? 0) + 1;
    times.set(name, count);
    if (count <= (lists?.get(name) ?? 1) + 1) rest.append(name, value);
  }
  return rest;
}

function sameText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
