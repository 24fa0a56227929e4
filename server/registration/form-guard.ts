import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Env } from "../platform/env";
import { honeypotField, languageField, stampField, workField } from "./form-fields";

/**
 * Holds bots off a public form without a script, a cookie or a library: a field that people do not see, and a signed
 * time of rendering. There is no least time, since autofill is quick.
 */

/** A tab left open over a working day still counts. */
export const stampMaxAgeMs = 12 * 60 * 60 * 1_000;

type Secrets = Env["SESSION_SECRET"];

const sign = (secret: string, value: string) =>
  createHmac("sha256", secret).update(`form:${value}`).digest("base64url");

/** The stamp to render into the form. */
export function stampForm([secret = ""]: Secrets, now = Date.now()): string {
  // Different for each form, also of one moment, so that each can be known again.
  const value = `${now.toString(36)}-${randomBytes(9).toString("base64url")}`;
  return `${value}.${sign(secret, value)}`;
}

/** `stale`: made by us, but too long ago; the person only has to send it again. */
export function checkForm(secrets: Secrets, form: FormData, now = Date.now()): "ok" | "spam" | "stale" {
  const traps = form.getAll(honeypotField);
  // A missing field is as suspicious as a filled one: its sender has not loaded the form.
  if (traps.length !== 1 || traps[0] !== "") return "spam";
  const [value = "", signature = ""] = String(form.get(stampField) ?? "").split(".");
  if (!secrets.some((secret) => sameText(sign(secret, value), signature))) return "spam";
  const age = now - Number.parseInt(value, 36);
  return age >= 0 && age <= stampMaxAgeMs ? "ok" : "stale";
}

/** What tells a form's stamp from all others; its signature was checked and may be spelt in more ways. */
export const stampOf = (form: FormData): string => String(form.get(stampField) ?? "").split(".")[0] ?? "";

const guardFields = new Set([honeypotField, stampField, languageField, workField]);
/** Stands for any field that was not asked for; the schema refuses it. */
const foreignField = "unknown";

/**
 * What the form asked for: without the fields of this file, and of each name no more than shows that it was repeated.
 * Foreign names are not passed on: Conform reads them as paths and orders, and builds a list of four thousand million
 * entries for `email[4294967294]`.
 */
export function withoutGuard(form: FormData, fields: readonly string[]): FormData {
  const rest = new FormData();
  const times = new Map<string, number>();
  for (const [sent, value] of form) {
    if (guardFields.has(sent)) continue;
    const name = fields.includes(sent) ? sent : foreignField;
    const count = (times.get(name) ?? 0) + 1;
    times.set(name, count);
    if (count <= 2) rest.append(name, value);
  }
  return rest;
}

function sameText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
