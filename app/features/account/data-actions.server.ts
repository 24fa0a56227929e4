import { type ActionFunctionArgs, data, redirect } from "@remix-run/node";
import { ZodError } from "zod";
import { takeOwnDataTurn } from "~/features/account/own-data-limit.server";
import { notThere } from "~/features/users/not-there.server";
import { requirePasswordAgain } from "~/page/password-again.server";
import { readForm, tooManyFor } from "~/page/public-form.server";
import { requireSamePerson } from "~/page/same-person.server";
import { addressOf } from "~/page/sent-form.server";
import type { Actor } from "~server/audit/actor";
import { signOut } from "~server/auth/auth";
import { assertOwnPassword } from "~server/auth/confirm-password";
import { changePassword } from "~server/auth/own-password";
import { sessionIdOf } from "~server/auth/session-cookie";
import { processingKind } from "~server/consents/kinds";
import { isAppError } from "~server/platform/errors";
import {
  changeDetails,
  detailFields,
  detailsSchema,
  type EmailChange,
  requestEmailChange,
} from "~server/privacy/change-details";
import { giveConsent, withdrawConsent } from "~server/privacy/consents";
import { erasePerson } from "~server/privacy/erase";
import { OvertakenDetailsError, type ShownDetails, shownColumns } from "~server/privacy/merge-details";

export type DataIntent = "details" | "email" | "password" | "withdraw" | "give" | "erase";

export interface DataAnswer {
  intent: DataIntent;
  /** Codes by field; empty if the action succeeded. `share`: the person has changed as much as is allowed in a day. */
  problems: Record<string, string[]>;
  /** After too many wrong passwords: the seconds until another is looked at. */
  wait: number | null;
  email: EmailChange | null;
  /** The input of a rejected form. */
  values: Record<string, string>;
  /** What a rejected form showed of the details before anything was typed there. */
  shown: ShownDetails | null;
  /** The fields that were changed otherwise meanwhile. */
  overtaken: string[];
}

type PageActor = Extract<Actor, { kind: "USER" }>;

interface Own {
  actor: PageActor;
  userId: number;
}

/** What was posted, and for whom. */
interface Posted {
  args: ActionFunctionArgs;
  own: Own;
  /** The person acts for themselves; otherwise an administrator does. */
  isOwn: boolean;
  form: FormData;
  intent: DataIntent;
}

/** The actions of a signed-in person on their own data; `intent` names the action. An unknown one is a 400. */
export const actOnOwnData = (args: ActionFunctionArgs, actor: PageActor) => act(args, { actor, userId: actor.id });

/** The actions of an administrator for a person. Erasure requires the administrator's password again. */
export const actOnRights = (args: ActionFunctionArgs, actor: PageActor, userId: number) => act(args, { actor, userId });

async function act(args: ActionFunctionArgs, own: Own) {
  const form = await readForm(args.request);
  const intent = form.get("intent") as DataIntent;
  const posted: Posted = { args, own, isOwn: own.actor.id === own.userId, form, intent };
  if (posted.isOwn) await requireSamePerson(args, own.actor, form);
  // Erasing has a limit of its own, that of guesses at the password.
  const wait = posted.isOwn && intent !== "erase" ? await takeOwnDataTurn(args.context, own.userId) : null;
  if (wait !== null) {
    const { code, status, headers } = tooManyFor(wait);
    const values =
      intent === "details" ? typedDetails(form) : intent === "email" ? { email: textIn(form, "email") } : {};
    return answerTo(posted, { problems: { share: [code] }, values, shown: shownIn(form) }, status, headers);
  }
  try {
    return await carryOut(posted);
  } catch (error) {
    return await refusalOf(posted, error);
  }
}

async function carryOut(posted: Posted) {
  const { args, own, isOwn, form } = posted;
  const { services } = args.context;
  switch (posted.intent) {
    case "details":
      return saveDetails(posted);
    case "email":
      return changeEmail(posted);
    case "password": {
      if (!isOwn) throw data(null, { status: 400 });
      const cookieHeader = args.request.headers.get("cookie");
      const passwords = { current: textIn(form, "current"), next: textIn(form, "next") };
      const setCookie = await changePassword(services, { actor: own.actor, ...passwords, cookieHeader });
      return answerTo(posted, {}, 200, { "Set-Cookie": setCookie });
    }
    case "withdraw":
      await withdrawConsent(services, { ...own, kind: kindOf(form) });
      return answerTo(posted);
    case "give":
      return give(posted);
    case "erase":
      return erase(posted);
    default:
      throw data(null, { status: 400 });
  }
}

async function saveDetails(posted: Posted) {
  const { args, own, form } = posted;
  const typed = typedDetails(form);
  const details = detailsSchema.safeParse(Object.fromEntries(Object.entries(typed).filter(([, value]) => value)));
  const shown = shownIn(form);
  if (!details.success) return answerTo(posted, { problems: problemsOf(details.error), values: typed, shown }, 400);
  try {
    await changeDetails(args.context.services, { ...own, details: details.data, shown });
  } catch (error) {
    if (!(error instanceof OvertakenDetailsError)) throw error;
    const { overtaken, theirs } = error;
    const values = Object.fromEntries(Object.entries(typed).filter(([name]) => !theirs.some((of) => of === name)));
    return answerTo(posted, { overtaken, values }, error.status);
  }
  return answerTo(posted);
}

async function changeEmail(posted: Posted) {
  const { args, own, form } = posted;
  const { services } = args.context;
  // The new address's owner receives links for a new password, so this amounts to handing over the account.
  await requirePasswordAgain(args, own.actor, form);
  const sessionId = sessionIdOf(services.env, args.request.headers.get("cookie"));
  const typed = textIn(form, "email");
  const email = await requestEmailChange(services, { ...own, email: typed, sessionId });
  const isDone = email === "asked" || email === "changed" || email === "kept";
  return answerTo(posted, { email, values: { email: typed } }, isDone ? 200 : 400);
}

/** Only the person may give a consent. */
async function give(posted: Posted) {
  const { args, own, isOwn, form } = posted;
  if (!isOwn) throw data(null, { status: 400 });
  const locale = textIn(form, "locale") === "en" ? "en" : "ru";
  const version = form.get("version");
  const shown = { kind: kindOf(form), version: typeof version === "string" ? version : undefined };
  try {
    await giveConsent(args.context.services, { ...own, locale, ...shown });
  } catch (error) {
    if (!isAppError(error, "CONFLICT")) throw error;
    return answerTo(posted, { problems: { consent: ["replaced"] } }, error.status);
  }
  return answerTo(posted);
}

async function erase({ args, own, isOwn, form }: Posted) {
  const { services } = args.context;
  // A person gives it with each erasure, in the form; an administrator as before every far-reaching action.
  if (isOwn) await assertOwnPassword(services, own.actor.id, textIn(form, "password"));
  else await requirePasswordAgain(args, own.actor, form);
  await erasePerson(services, { ...own, cause: isOwn ? "self" : "admin" });
  if (!isOwn) return redirect(`/admin/rights/${own.userId}`);
  const setCookie = await signOut(services, args.request.headers.get("cookie"));
  return redirect("/erased", { headers: { "Set-Cookie": setCookie } });
}

/** The answer to an action that was refused. Throws what the page cannot say beside its forms. */
async function refusalOf(posted: Posted, error: unknown) {
  const { args, own, isOwn, form, intent } = posted;
  if (isAppError(error, "NOT_FOUND"))
    throw isOwn ? data(null, { status: 404 }) : await notThere(args.context.services, own.userId);
  // The session ended while its form was on the way.
  if (isAppError(error, "UNAUTHORIZED") && intent === "email")
    throw redirect(`/login?redirectTo=${encodeURIComponent(addressOf(args.request))}`);
  const field = intent === "password" ? "current" : "password";
  if (error instanceof ZodError)
    return answerTo(posted, { problems: { email: ["email"] }, values: { email: textIn(form, "email") } }, 400);
  if (isAppError(error, "UNAUTHORIZED")) return answerTo(posted, { problems: { [field]: ["password_wrong"] } }, 400);
  if (isAppError(error, "INVALID"))
    return answerTo(posted, { problems: { next: [error.details?.problem ?? "invalid"] } }, 400);
  // Of an administrator. The page says why.
  if (isAppError(error, "CONFLICT")) return answerTo(posted, {}, 409);
  if (isAppError(error, "TOO_MANY")) {
    const wait = Number(error.details?.retryAfter);
    const { status, headers } = tooManyFor(wait);
    return answerTo(posted, { wait }, status, headers);
  }
  throw error;
}

const answerTo = (
  { intent }: Posted,
  more: Partial<DataAnswer> = {},
  status = 200,
  headers: Record<string, string> = {},
) =>
  data<DataAnswer>(
    { intent, problems: {}, wait: null, email: null, values: {}, shown: null, overtaken: [], ...more },
    { status, headers },
  );

const textIn = (form: FormData, name: string): string => String(form.get(name) ?? "");

const typedDetails = (form: FormData): Record<string, string> =>
  Object.fromEntries(detailFields.map((name) => [name, textIn(form, name)]));

/** Left out by forms of an earlier release: they knew the consent to the processing alone. */
const kindOf = (form: FormData): string => String(form.get("kind") ?? processingKind);

/** Null: a form of an earlier release, which does not send it. */
function shownIn(form: FormData): ShownDetails | null {
  const sent = shownColumns.map((name) => [name, form.get(`shown.${name}`)]);
  return sent.every(([, value]) => typeof value === "string") ? Object.fromEntries(sent) : null;
}

function problemsOf(error: ZodError): Record<string, string[]> {
  const problems = new Map<string, string[]>();
  for (const { path, message } of error.issues) {
    const field = String(path[0] ?? "");
    problems.set(field, [...(problems.get(field) ?? []), message]);
  }
  return Object.fromEntries(problems);
}
