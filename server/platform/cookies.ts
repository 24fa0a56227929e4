import { parseCookie } from "cookie";

/** The cookies of a request by name; the first of a repeated name counts. Values are not decoded. */
export const readCookies = (header: string | null | undefined): Map<string, string> =>
  new Map(
    Object.entries(parseCookie(header ?? "", { decode: (value) => value })).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

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
