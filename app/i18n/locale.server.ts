import { readCookies } from "~server/platform/cookies";
import { acceptLocale, isLocale, type Locale } from "./locale";

export const localeCookieName = "lang";

/** The language chosen with the switch, else the one that the browser asks for. */
export function requestLocale(request: Request): Locale {
  const chosen = readCookies(request.headers.get("cookie")).get(localeCookieName);
  return isLocale(chosen) ? chosen : acceptLocale(request.headers.get("accept-language"));
}
