import { type AppLoadContext, data, redirect } from "@remix-run/node";
import { passwordAgainTexts } from "~/features/password-again/texts";
import { formatDuration } from "~/i18n/duration";
import { problemText } from "~/i18n/errors";
import type { Actor } from "~server/audit/actor";
import { confirmPassword, isConfirmed } from "~server/auth/confirm-password";
import { requestLocale } from "~server/http/request-locale";
import { isAppError } from "~server/platform/errors";
import { type Interruption, passwordAgainField } from "./interruption";
import { addressOf, textsOf } from "./sent-form.server";

interface RouteArgs {
  request: Request;
  context: AppLoadContext;
}

/**
 * Lets a form that reaches far through only if its person's password was given just now, or comes along with it. Else a
 * page in place of the form's own asks for the password, and keeps what was being done.
 */
export async function requirePasswordAgain(args: RouteArgs, actor: Actor & { kind: "USER" }, form: FormData) {
  const { services } = args.context;
  if (await isConfirmed(services, args.request.headers.get("cookie"))) return;
  const problem = await takePassword(args, actor, form);
  if (!problem) return;
  const { title, lead, password, submit, back } = passwordAgainTexts[requestLocale(args.request)];
  const question: Interruption = {
    interrupted: true,
    ...{ title, lead, password, submit, back },
    to: addressOf(args.request),
    fields: textsOf(form, (name) => name === passwordAgainField),
    said: problem.said,
  };
  throw data(question, { status: problem.wait === null ? 403 : 429, headers: retryHeaders(problem) });
}

/** The same for an address that is opened instead of a form that is sent, such as a download. */
export async function askPasswordBefore({ request, context }: RouteArgs): Promise<void> {
  if (await isConfirmed(context.services, request.headers.get("cookie"))) return;
  throw redirect(`/confirm-password?to=${encodeURIComponent(addressOf(request))}`);
}

/** Why the password was not taken: in words, if one was given, and the seconds to wait after too many wrong ones. */
interface Problem {
  said?: string;
  wait: number | null;
}

export const retryHeaders = ({ wait }: Problem): Record<string, string> =>
  wait === null ? {} : { "Retry-After": String(wait) };

/** Takes the password of a form; null if it is right. */
export async function takePassword(
  { request, context }: RouteArgs,
  actor: Actor & { kind: "USER" },
  form: FormData,
): Promise<Problem | null> {
  const password = form.get(passwordAgainField);
  if (typeof password !== "string" || password === "") return { wait: null };
  const locale = requestLocale(request);
  try {
    const cookieHeader = request.headers.get("cookie");
    await confirmPassword(context.services, { userId: actor.id, password, cookieHeader });
    return null;
  } catch (error) {
    if (isAppError(error, "UNAUTHORIZED")) return { said: problemText(locale, "password_wrong"), wait: null };
    if (!isAppError(error, "TOO_MANY")) throw error;
    const wait = Number(error.details?.retryAfter);
    return { said: passwordAgainTexts[locale].wait(formatDuration(locale, wait)), wait };
  }
}
