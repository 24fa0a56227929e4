import { type ActionFunctionArgs, data, redirect } from "@remix-run/node";
import { isLocale } from "~/i18n/locale";
import { localeCookieName } from "~/i18n/locale.server";
import { readForm } from "~/page/public-form.server";
import { isSecure } from "~server/auth/session-cookie";
import { writeCookie } from "~server/platform/cookies";
import { localPath } from "~server/platform/local-path";

const year = 365 * 24 * 60 * 60;

export const loader = () => new Response("Method Not Allowed", { status: 405, headers: { Allow: "POST" } });

/** Switches the language and leads back to the page that was shown. */
export async function action({ request, context }: ActionFunctionArgs) {
  const lang = (await readForm(request)).get("lang");
  if (!isLocale(lang)) throw data(null, { status: 400 });
  const setCookie = writeCookie(localeCookieName, lang, {
    maxAgeSeconds: year,
    secure: isSecure(context.services.env),
  });
  return redirect(refererPath(request), { headers: { "Set-Cookie": setCookie } });
}

function refererPath(request: Request): string {
  const referer = request.headers.get("referer");
  if (!referer || !URL.canParse(referer)) return "/";
  // The host is not looked at: only a path is taken, and whatever it is, it is one of ours or a 404.
  const { pathname, search } = new URL(referer);
  return localPath(pathname + search, "/");
}
