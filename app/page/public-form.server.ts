import { type ActionFunctionArgs, data } from "@remix-run/node";
import type { ProblemCode } from "~/i18n/errors";
import { type AskedFields, checkForm, withoutGuard } from "~server/registration/form-guard";

/** Why a form is not looked at; the page shows the code's words and keeps what was typed. */
export interface Refusal {
  code: ProblemCode;
  status: number;
  headers: Record<string, string>;
}

/** Whether the body says that it is a form. */
const isForm = (request: Request): boolean =>
  /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(request.headers.get("content-type") ?? "");

/**
 * The posted form. A body that is none is refused with a page of its own. A NUL, which no browser sends and the database
 * takes in no text, becomes U+FFFD: no name or key has it, and texts with it are refused.
 */
export async function readForm(request: Request): Promise<FormData> {
  if (!isForm(request)) throw data(null, { status: 415 });
  try {
    return withoutNul(await request.formData());
  } catch {
    throw data(null, { status: 400 });
  }
}

function withoutNul(form: FormData): FormData {
  const cleaned = (text: string) => text.replaceAll("\0", "\ufffd");
  const clean = new FormData();
  for (const [name, value] of form) clean.append(cleaned(name), typeof value === "string" ? cleaned(value) : value);
  return clean;
}

/** Counts the attempt; a refusal if this address has had its share of the minute. */
export async function tooMany({ context }: ActionFunctionArgs, limit: "register" | "login"): Promise<Refusal | null> {
  const seconds = await context.limits[limit](context.clientIp);
  return seconds === null ? null : tooManyFor(seconds);
}

/** The answer to a person who has to wait. */
export const tooManyFor = (seconds: number): Refusal => ({
  code: "too_many",
  status: 429,
  headers: { "Retry-After": String(seconds) },
});

/** Reads a public form past the guard against bots; `form` is what it asked for. Attempts are counted by the caller. */
export async function readGuardedForm(
  { request, context }: ActionFunctionArgs,
  asked: AskedFields,
): Promise<{ form: FormData; sent: FormData; refusal: Refusal | null }> {
  const sent = await readForm(request);
  const verdict = checkForm(context.services.env.SESSION_SECRET, sent);
  return {
    form: withoutGuard(sent, asked),
    sent,
    refusal: verdict === "ok" ? null : { code: verdict, status: 400, headers: {} },
  };
}
