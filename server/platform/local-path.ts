/**
 * A URL given by a visitor if it leads back into this site, else the fallback: our links must not redirect to other
 * hosts. Browsers treat `//host` and `/\host` as other hosts, so the URL is resolved as they do.
 */
export function localPath(given: unknown, fallback: string): string {
  if (typeof given !== "string" || !given.startsWith("/")) return fallback;
  const base = "http://here.invalid";
  if (!URL.canParse(given, base)) return fallback;
  const { origin, pathname, search } = new URL(given, base);
  // A path such as `/x/..//host` becomes another host when it is normalised.
  return origin === base && !pathname.startsWith("//") ? pathname + search : fallback;
}
