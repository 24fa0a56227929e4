import { type ActionFunctionArgs, data, redirect } from "@remix-run/node";
import { readForm } from "~/page/public-form.server";
import { isSecure } from "~server/auth/session-cookie";
import { localeName } from "~server/http/request-locale";
import { writeCookie } from "~server/platform/cookies";
import { localPath } from "~server/platform/local-path";
import { isLocale } from "~server/platform/locales";

const year = 365 * 24 * 60 * 60;

export const loader = () => {
  throw data(null, { status: 405, headers: { Allow: "POST" } });
};

/** Switches the language and leads back to the page that was shown. */
export async function action({ request, context }: ActionFunctionArgs) {
  const lang = (await readForm(request)).get("lang");
  if (!isLocale(lang)) throw data(null, { status: 400 });
  const setCookie = writeCookie(localeName, lang, {
    maxAgeSeconds: year,
    secure: isSecure(context.services.env),
  });
  const page = new URL(refererPath(request), "http://here.invalid");
  // A browser that refuses cookies would show the page unchanged: it is told in the address, for this page at least.
  if (!request.headers.has("cookie")) page.searchParams.set(localeName, lang);
  return redirect(page.pathname + page.search, { headers: { "Set-Cookie": setCookie } });
}

function refererPath(request: Request): string {
  const referer = request.headers.get("referer");
  if (!referer || !URL.canParse(referer)) return "/";
  // The host is not looked at: only a path is taken, and whatever it is, it is one of ours or a 404.
  const { pathname, search } = new URL(referer);
  return localPath(pathname + search, "/");
}
