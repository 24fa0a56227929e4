import type { Actor } from "~server/audit/actor";
import {
  ConsentDraftError,
  ConsentNamedError,
  moveConsent,
  newestConsentChange,
  retireConsent,
  saveConsent,
  undoConsents,
} from "~server/consents/change";
import { type ConsentContent, contentOf, contentSince } from "~server/consents/changed-since";
import {
  type ConsentDraft,
  type DraftField,
  type DraftProblems,
  type DraftWarning,
  draftWarnings,
  readDraft,
  type TypedConsent,
} from "~server/consents/draft";
import { type Purpose, processingKind } from "~server/consents/kinds";
import type { NamingRule } from "~server/consents/named-by";
import { isAppError } from "~server/platform/errors";
import { parseId, parseSeenId } from "~server/platform/ids";
import { threeWay } from "~server/platform/three-way";
import { operatorOf } from "~server/privacy/operator";
import type { Services } from "~server/services";

/** What the page says about the posted form of a consent. */
export interface ConsentAnswer {
  outcome: "review" | "saved" | "same" | "refused" | "conflict";
  status: number;
  /** As it was typed. */
  typed: TypedConsent;
  problems: DraftProblems;
  /** What a colleague has changed meanwhile, as it is now: beside what was typed, and in the place of what was not touched. */
  overtaken: ConsentContent;
  theirs: DraftField[];
  /** The newest change that the page knows of from now on. */
  seen: number;
  /** The saved change, which can be undone. */
  change: number | null;
  /** What is to be saved, while it is not. */
  review: { draft: ConsentDraft; warnings: DraftWarning[] } | null;
}

const text = (form: FormData, name: string): string => String(form.get(name) ?? "");

/** A consent's purpose never changes, and that to the processing is always required. */
function readTyped(form: FormData, known: { key: string; purpose: Purpose } | null): TypedConsent {
  const key = known?.key ?? text(form, "key");
  return {
    key,
    purpose: known?.purpose ?? text(form, "purpose"),
    required: known?.key === processingKind || form.get("required") === "on",
    label: { en: text(form, "label.en"), ru: text(form, "label.ru") },
    text: { en: text(form, "text.en"), ru: text(form, "text.ru") },
  };
}

interface Posted {
  actor: Actor;
  form: FormData;
  known: { key: string; purpose: Purpose } | null;
}

/**
 * Checks the posted consent; saves it if the form is that of the second step, and else shows how the form will ask. What was
 * typed is never lost, also where another administrator has changed the consent meanwhile.
 */
export async function answerConsent(
  services: Pick<Services, "db" | "consents" | "env">,
  posted: Posted,
): Promise<ConsentAnswer> {
  const { actor, form, known } = posted;
  const step = form.get("step");
  const operator = operatorOf(services.env);
  const newest = await newestConsentChange(services.db);
  // Only a page of an earlier release sends none in the first step.
  const seen = parseSeenId(form.get("seen")) ?? (step === "save" ? 0 : newest);
  const { typed, overtaken, theirs } = await mergeTypedConsent(services, {
    typed: readTyped(form, known),
    known,
    seen,
  });
  const { draft, problems } = readDraft(typed, operator);
  const answer = { typed, problems, overtaken, theirs, seen: newest, change: null, review: null, status: 200 };
  const refused = (found: DraftProblems) => ({ ...answer, problems: found, outcome: "refused" as const, status: 400 });
  if (theirs.length > 0 || Object.keys(overtaken).length > 0) return { ...answer, outcome: "conflict", status: 409 };
  if (Object.keys(problems).length > 0) return refused(problems);
  if (step !== "save")
    return { ...answer, outcome: "review", review: { draft, warnings: draftWarnings(draft, operator) } };
  try {
    const change = await saveConsent(services, { actor, seen: newest, isNew: known === null, draft });
    return { ...answer, change, outcome: change === null ? "same" : "saved" };
  } catch (error) {
    if (error instanceof ConsentDraftError) return refused(error.problems);
    if (isAppError(error, "NOT_FOUND")) return answerGone(form, draft.key);
    if (!isAppError(error, "CONFLICT")) throw error;
    // Changed since it was looked up above: now that is found.
    return answerConsent(services, posted);
  }
}

/** What was typed, with a colleague's changes of what was not touched, and those of the rest beside it. */
async function mergeTypedConsent(
  { db, env }: Pick<Services, "db" | "env">,
  { typed, known, seen }: { typed: TypedConsent; known: Posted["known"]; seen: number },
): Promise<{ typed: TypedConsent; overtaken: ConsentContent; theirs: DraftField[] }> {
  const none = { typed, overtaken: {}, theirs: [] };
  const { shown, now } = known ? await contentSince(db, { key: known.key, seen }) : { shown: null, now: null };
  if (!now) return none;
  const { draft } = readDraft(typed, operatorOf(env));
  const wanted = contentOf(draft.required, draft.wording);
  const { theirs, overtaken } = threeWay(Object.keys(now) as DraftField[], {
    shown: (field) => shown?.[field],
    wanted: (field) => wanted[field],
    now: (field) => now[field],
  });
  const take = (field: DraftField, own: string) => (theirs.includes(field) ? (now[field] ?? "") : own);
  return {
    typed: {
      ...typed,
      required: take("required", typed.required ? "on" : "") === "on",
      label: { en: take("label.en", typed.label.en), ru: take("label.ru", typed.label.ru) },
      text: { en: take("text.en", typed.text.en), ru: take("text.ru", typed.text.ru) },
    },
    overtaken: Object.fromEntries(overtaken.map((field) => [field, now[field]])),
    theirs,
  };
}

/** What was typed of a consent whose addition was taken back while its page was open. */
export const answerGone = (form: FormData, key: string): ConsentAnswer => ({
  outcome: "conflict",
  status: 409,
  typed: readTyped(form, { key, purpose: "other" }),
  problems: {},
  overtaken: {},
  theirs: [],
  seen: 0,
  change: null,
  review: null,
});

export interface ListAnswer {
  outcome: "saved" | "same" | "conflict" | "full" | "named";
  status: number;
  /** The saved change, which can be undone; and the one that was taken back. */
  change?: number | null | undefined;
  undid?: number | undefined;
  /** What names the consent, where that is why nothing was saved. */
  rules?: NamingRule[] | undefined;
}

/** Moves, retires or restores a consent, or takes a change back; null: the form asks for nothing of it. */
export async function answerList(
  services: Pick<Services, "db" | "consents" | "env" | "forms">,
  { actor, form }: { actor: Actor; form: FormData },
): Promise<ListAnswer | null> {
  const seen = parseSeenId(form.get("seen")) ?? 0;
  const given = (name: string): string | null => {
    const value = form.get(name);
    return typeof value === "string" ? value : null;
  };
  const saved = (change: number | null): ListAnswer => ({
    outcome: change === null ? "same" : "saved",
    change,
    status: 200,
  });
  try {
    const undo = given("undo");
    if (undo !== null) {
      const id = parseId(undo);
      if (id === null) return null;
      await undoConsents(services, { actor, id });
      return { outcome: "saved", undid: id, status: 200 };
    }
    for (const to of ["up", "down"] as const) {
      const key = given(to);
      if (key !== null) return saved(await moveConsent(services, { actor, seen, key, to }));
    }
    for (const retired of [true, false]) {
      const key = given(retired ? "retire" : "restore");
      if (key !== null) return saved(await retireConsent(services, { actor, seen, key, retired }));
    }
    return null;
  } catch (error) {
    if (error instanceof ConsentDraftError) return { outcome: "full", status: error.status };
    if (error instanceof ConsentNamedError) return { outcome: "named", status: error.status, rules: error.rules };
    // A consent of the page that is not there any more: its addition was taken back meanwhile.
    if (!isAppError(error, "CONFLICT") && !isAppError(error, "NOT_FOUND")) throw error;
    return { outcome: "conflict", status: 409 };
  }
}
