import { createHmac, timingSafeEqual } from "node:crypto";
import type { Env } from "../platform/env";
import type { Locale } from "../platform/locales";
import type { Consents } from "./consents";
import { type AskedConsent, type ConsentKind, consentField, processingKind, shownField } from "./kinds";
import { type GivenConsent, givenConsent } from "./record";

/**
 * Which consents a form showed, and in which wording. The owner may change them while a form is open, and people agree
 * to what they have seen: so the versions travel with the form, signed together with its stamp.
 */

type Secrets = Env["SESSION_SECRET"];

/** The part of a stamp that identifies the form; its own signature follows a dot. */
const identityOf = (stamp: string): string => stamp.split(".")[0] ?? "";

const sign = (secret: string, stamp: string, shown: string): string =>
  createHmac("sha256", secret)
    .update(`consents:${identityOf(stamp)}:${shown}`)
    .digest("base64url");

/** The consents that people are asked for. */
export const askedKinds = (consents: Pick<Consents, "kinds">): ConsentKind[] =>
  consents.kinds().filter(({ retired }) => !retired);

/** The consents that people are asked for, in their language. */
export const asksIn = (consents: Pick<Consents, "kinds">, locale: Locale): AskedConsent[] =>
  askedKinds(consents).map(({ key, required, wording }) => ({
    key,
    field: consentField(key),
    version: wording.version,
    required,
    label: wording.label[locale],
    text: wording.text[locale],
  }));

/** What a form renders: the consents in the visitor's language, and the value of its hidden field. */
export function askConsents(
  consents: Pick<Consents, "kinds">,
  { locale, stamp, secrets: [secret = ""] }: { locale: Locale; stamp: string; secrets: Secrets },
): { consents: AskedConsent[]; shown: string } {
  const asked = asksIn(consents, locale);
  const shown = asked.map(({ key, version }) => `${key}=${version}`).join(",");
  return { consents: asked, shown: `${shown}.${sign(secret, stamp, shown)}` };
}

export interface AnsweredConsents {
  /** The consents whose boxes were ticked, in the wording that was shown. */
  given: GivenConsent[];
  /** Boxes of required consents that are not ticked. */
  missing: string[];
  /** Boxes that were ticked beside words that are still asked for: they stay ticked if the form is shown again. */
  ticked: string[];
  /** Boxes beside which other words stand by now: to be ticked anew if the form is shown again. */
  changed: string[];
  /** The form does not say what it showed, or nobody knows that wording: it has to be looked at again. */
  outdated: boolean;
}

/**
 * Reads the boxes of a posted form. One that does not say what it showed is taken as showing what is asked for now. A
 * wording that this process does not know yet is looked up, since another process may have shown it.
 */
export async function answeredConsents(
  consents: Consents,
  { sent, stamp, locale, secrets }: { sent: FormData; stamp: string; locale: Locale; secrets: Secrets },
): Promise<AnsweredConsents> {
  const text = sent.get(shownField);
  const read = typeof text === "string" ? readShown(text, stamp, secrets) : null;
  const isKnown = ([key, version]: [string, string]) => consents.wordingOf(key, version) !== null;
  if (read && ![...read].every(isKnown)) await consents.reload().catch(() => {});
  const outdated = read === undefined || (read !== null && ![...read].every(isKnown));
  const asked = askedKinds(consents);
  const present = new Map(asked.map(({ key, wording }) => [key, wording.version]));
  const shown = outdated ? new Map<string, string>() : (read ?? present);
  const isTicked = (key: string) => sent.get(consentField(key)) === "on";
  const ticked = [...shown].filter(([key]) => isTicked(key));
  return {
    outdated,
    given: ticked.flatMap(([key, version]) => {
      const wording = consents.wordingOf(key, version);
      return wording ? [givenConsent(locale, key, wording)] : [];
    }),
    // The form's own rule looks after that to the processing.
    missing: asked
      .filter(({ key, required }) => required && key !== processingKind && !(shown.has(key) && isTicked(key)))
      .map(({ key }) => consentField(key)),
    ticked: ticked.filter(([key, version]) => present.get(key) === version).map(([key]) => consentField(key)),
    changed: asked.filter(({ key }) => shown.get(key) !== present.get(key)).map(({ key }) => consentField(key)),
  };
}

/** The versions by key; undefined if we have not signed this for this form. */
function readShown(text: string, stamp: string, secrets: Secrets): Map<string, string> | undefined {
  const at = text.lastIndexOf(".");
  const [shown, signature] = [text.slice(0, at), text.slice(at + 1)];
  if (at === -1 || !secrets.some((secret) => isSame(sign(secret, stamp, shown), signature))) return undefined;
  return new Map(shown.split(",").map((each) => each.split("=") as [string, string]));
}

function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
