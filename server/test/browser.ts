import { getUtmDataFromCookies, touchCookies } from "../registration/utmUtils";

/** When its visits are. */
export const now = new Date("2026-11-22T10:00:00.000Z");
export const at = now.toISOString();

/** A browser in small: visits pages and keeps the cookies it is given. */
export function browser() {
  const jar = new Map<string, string>();
  return {
    header: () => [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
    visit(path: string, referrer?: string) {
      const written = touchCookies({
        url: new URL(path, "https://site.example"),
        referrer,
        cookieHeader: this.header(),
        ownHosts: ["www.site.example"],
        secure: true,
        now,
      });
      for (const cookie of written) {
        const [pair = ""] = cookie.split(";");
        jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
      }
      return written;
    },
    utm() {
      return getUtmDataFromCookies(this.header());
    },
  };
}
