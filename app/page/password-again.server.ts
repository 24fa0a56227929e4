import { type AppLoadContext, data, redirect } from "@remix-run/node";
import { type PasswordQuestion, passwordAgainField } from "~/features/password-again/question";
import type { Actor } from "~server/audit/actor";
import { confirmPassword, isConfirmed } from "~server/auth/confirm-password";
import { isAppError } from "~server/platform/errors";

interface RouteArgs {
  request: Request;
  context: AppLoadContext;
}

const addressOf = (request: Request) => {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
};

/**
 * Lets a form that reaches far through only if its person's password was given just now, or comes along with it. Else a
 * page in place of the form's own asks for the password, and keeps what was being done.
 */
export async function requirePasswordAgain(args: RouteArgs, actor: Actor & { kind: "USER" }, form: FormData) {
  const { services } = args.context;
  if (await isConfirmed(services, args.request.headers.get("cookie"))) return;
  const problem = await takePassword(args, actor, form);
  if (!problem) return;
  const fields = [...form].flatMap<[string, string]>(([name, value]) =>
    typeof value === "string" && name !== passwordAgainField ? [[name, value]] : [],
  );
  const question: PasswordQuestion = { passwordAgain: true, to: addressOf(args.request), fields, ...problem };
  const headers: Record<string, string> = problem.wait === null ? {} : { "Retry-After": String(problem.wait) };
  throw data(question, { status: problem.wait === null ? 403 : 429, headers });
}

/** The same for an address that is opened instead of a form that is sent, such as a download. */
export async function askPasswordBefore({ request, context }: RouteArgs): Promise<void> {
  if (await isConfirmed(context.services, request.headers.get("cookie"))) return;
  throw redirect(`/confirm-password?to=${encodeURIComponent(addressOf(request))}`);
}

type Problem = Pick<PasswordQuestion, "problem" | "wait">;

/** Takes the password of a form; null if it is right. */
export async function takePassword(
  { request, context }: RouteArgs,
  actor: Actor & { kind: "USER" },
  form: FormData,
): Promise<Problem | null> {
  const password = form.get(passwordAgainField);
  if (typeof password !== "string" || password === "") return { problem: null, wait: null };
  try {
    const cookieHeader = request.headers.get("cookie");
    await confirmPassword(context.services, { userId: actor.id, password, cookieHeader });
    return null;
  } catch (error) {
    if (isAppError(error, "UNAUTHORIZED")) return { problem: "password_wrong", wait: null };
    if (isAppError(error, "TOO_MANY")) return { problem: "too_many", wait: Number(error.details?.retryAfter) };
    throw error;
  }
}
