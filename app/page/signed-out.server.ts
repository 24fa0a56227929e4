import { type AppLoadContext, data } from "@remix-run/node";
import { personInput } from "~/features/account/person-input";
import { signedOutTexts } from "~/features/account/signed-out-texts";
import { stepField } from "~/features/settings/form-fields";
import { hasSignedInBefore } from "~server/auth/known-device";
import { sessionIdOf } from "~server/auth/session-cookie";
import { takesUpload } from "~server/http/body-limit";
import { requestLocale } from "~server/http/request-locale";
import { isSettingKey, setting } from "~server/settings/definitions";
import { type Interruption, passwordAgainField } from "./interruption";
import { addressOf, textsOf } from "./sent-form.server";

/** The inputs for passwords and codes of all pages. */
const passwordsAndCodes = new Set(["password", "current", "next", "code", passwordAgainField]);

/** A page does not show again what was typed into such an input. A tick that removes a secret is none. */
const isSecret = (name: string): boolean =>
  passwordsAndCodes.has(name) || (isSettingKey(name) && setting(name).input === "secret");

/** What a form says of itself, so that there is nothing to keep of it. */
const untyped = new Set(["intent", personInput]);

/** A form of the editor has about ten inputs for a question; each becomes an input of the page. */
const maxFields = 2_000;

/** Forms with a file come in another type. */
const isTextForm = (request: Request): boolean =>
  /^application\/x-www-form-urlencoded\b/i.test(request.headers.get("content-type") ?? "");

/**
 * Throws a page that keeps a form whose sender's session has ended while it was filled in: after a redirect to the page
 * for signing in, what was typed would be gone. Returns where there is nothing to keep: no form, only a button, a file, or
 * a browser without a cookie signed by this site. Without one, and on the paths of uploads, the body is not read: a stranger's
 * upload must not be held in memory.
 */
export async function keepSentForm({ request, context }: { request: Request; context: AppLoadContext }): Promise<void> {
  const { env } = context.services;
  const cookieHeader = request.headers.get("cookie");
  if (request.method !== "POST" || !isTextForm(request) || takesUpload(new URL(request.url).pathname)) return;
  if (sessionIdOf(env, cookieHeader) === null && !hasSignedInBefore(env, cookieHeader)) return;
  const body = await request.text().catch(() => "");
  if (body.split("&", maxFields + 1).length > maxFields) return;
  const form = new URLSearchParams(body);
  // An empty text is no secret, and in the second step of a form it says that a secret is removed.
  const secrets = new Set([...form].flatMap(([name, value]) => (value !== "" && isSecret(name) ? [name] : [])));
  // What was shown to be saved would be saved without its secret.
  if (secrets.size > 0 && form.has(stepField)) return;
  const fields = textsOf(form, (name) => secrets.has(name));
  if (!fields.some(([name, value]) => !untyped.has(name) && value !== "")) return;
  const question: Interruption = {
    interrupted: true,
    ...signedOutTexts[requestLocale(request)],
    to: addressOf(request),
    fields,
  };
  throw data(question, { status: 401 });
}
