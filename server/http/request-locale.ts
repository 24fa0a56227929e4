import Negotiator from "negotiator";
import { readCookies } from "../platform/cookies";
import { isLocale, type Locale, locales } from "../platform/locales";

/** The cookie of the language switch, and the parameter that stands in for it where a browser refuses cookies. */
export const localeName = "lang";

/** The language that was chosen, else the one that the browser asks for. For pages and for what is refused before them. */
export function requestLocale({ url, headers }: { url: string; headers: Pick<Headers, "get"> }): Locale {
  const cookie = readCookies(headers.get("cookie")).get(localeName);
  const asked = new URL(url, "http://here.invalid").searchParams.get(localeName);
  const chosen = [cookie, asked].find(isLocale);
  return chosen ?? acceptLocale(headers.get("accept-language"));
}

/** The language of an Accept-Language header that we speak and its sender likes best; Russian if there is none. */
export function acceptLocale(header: string | null): Locale {
  // Programs write a locale of their operating system there: en_US.
  const headers = { "accept-language": (header ?? "").replaceAll("_", "-") };
  return (new Negotiator({ headers }).language([...locales]) as Locale | undefined) ?? locales[0];
}
