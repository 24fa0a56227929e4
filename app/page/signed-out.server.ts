import { type AppLoadContext, data } from "@remix-run/node";
import { signedOutTexts } from "~/features/account/signed-out-texts";
import { hasSignedInBefore } from "~server/auth/known-device";
import { sessionIdOf } from "~server/auth/session-cookie";
import { requestLocale } from "~server/http/request-locale";
import type { Interruption } from "./interruption";
import { isForm } from "./public-form.server";
import { addressOf, textsOf } from "./sent-form.server";

/** A page does not show again what was typed into such a field. */
const secret = /password|token|^(current|next|code)$/i;

/**
 * Throws a page that keeps a form whose sender's session has ended while it was filled in: after a redirect to the page
 * for signing in, what was typed would be gone. Returns where there is nothing to keep: no form, only a button, a file, or
 * a browser in which nobody has signed in.
 */
export async function keepSentForm({ request, context }: { request: Request; context: AppLoadContext }): Promise<void> {
  const { env } = context.services;
  const cookieHeader = request.headers.get("cookie");
  const wasHere = sessionIdOf(env, cookieHeader) !== null || hasSignedInBefore(env, cookieHeader);
  if (request.method !== "POST" || !wasHere || !isForm(request)) return;
  const form = await request.formData().catch(() => new FormData());
  const hasFile = [...form.values()].some((value) => typeof value !== "string" && value.size > 0);
  const fields = textsOf(form, (name) => secret.test(name));
  if (hasFile || !fields.some(([name, value]) => name !== "intent" && value !== "")) return;
  const question: Interruption = {
    interrupted: true,
    ...signedOutTexts[requestLocale(request)],
    to: addressOf(request),
    fields,
  };
  throw data(question, { status: 401 });
}
