import Negotiator from "negotiator";
import { allCookies } from "../platform/cookies";
import { isLocale, type Locale, locales } from "../platform/locales";
import { isEmbedPage } from "./embed-headers";

/** The cookie of the language switch, and the parameter that replaces it if a browser rejects cookies. */
export const localeName = "lang";

/** The chosen language, else the one the browser prefers. For pages and for rejections before them. */
export function requestLocale({ url, headers }: { url: string; headers: Pick<Headers, "get"> }): Locale {
  // The main site may have a cookie of this name, too, with languages or codes of its own.
  const cookies = allCookies(headers.get("cookie")).flatMap(([name, value]) => (name === localeName ? [value] : []));
  const { pathname, searchParams } = new URL(url, "http://here.invalid");
  const asked = searchParams.get(localeName);
  // Inside another site's page the form speaks that page's language.
  const chosen = (isEmbedPage(pathname) ? [asked, ...cookies] : [...cookies, asked]).find(isLocale);
  return chosen ?? acceptLocale(headers.get("accept-language"));
}

/** The language in an Accept-Language header that its sender prefers among ours; Russian if there is none. */
export function acceptLocale(header: string | null): Locale {
  // Some programs send a locale of their operating system: en_US.
  const headers = { "accept-language": (header ?? "").replaceAll("_", "-") };
  return (new Negotiator({ headers }).language([...locales]) as Locale | undefined) ?? locales[0];
}
