/**
 * An address that a visitor gave us, if it leads back into this site, else the fallback: no visitor can be sent to a
 * foreign host with a link of ours. Browsers read `//host` and `/\host` as foreign, so the address is resolved as they do.
 */
export function localPath(given: unknown, fallback: string): string {
  if (typeof given !== "string" || !given.startsWith("/")) return fallback;
  const base = "http://here.invalid";
  if (!URL.canParse(given, base)) return fallback;
  const { origin, pathname, search } = new URL(given, base);
  // A path such as `/x/..//host` is local only until it is normalised.
  return origin === base && !pathname.startsWith("//") ? pathname + search : fallback;
}
