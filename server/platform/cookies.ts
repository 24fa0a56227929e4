import { parseCookie } from "cookie";

/** The cookies of a request by name; the first of a repeated name counts. Values are not decoded. */
export const readCookies = (header: string | null | undefined): Map<string, string> =>
  new Map(
    Object.entries(parseCookie(header ?? "", { decode: (value) => value })).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

export type Cookie = [name: string, value: string];

/**
 * All cookies of a request, in their order. A page of the same domain may set one with the name of one of ours, and a
 * browser sends both.
 */
export const allCookies = (header: string | null | undefined): Cookie[] =>
  (header ?? "").split(";").flatMap((pair) => [...readCookies(pair)]);

interface CookieOptions {
  /** 0 removes the cookie. */
  maxAgeSeconds: number;
  secure: boolean;
}

/**
 * A Set-Cookie value that scripts cannot read. Lax, because a link in a mail must open a signed-in page; forged POSTs
 * are stopped by the Origin check. The value must consist of cookie characters (base64url).
 */
export function writeCookie(name: string, value: string, { maxAgeSeconds, secure }: CookieOptions): string {
  return `${name}=${value}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}
