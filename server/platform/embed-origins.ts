/**
 * The origins of other sites that may show the registration form inside their pages. Loaded by the browser for its
 * words: no zod.
 */

export type OriginFault = "wildcard" | "insecure" | "page" | "host" | "unreadable";

/** Names only: browsers match no other IP address of a policy than this one, and an IPv6 address cannot stand in one. */
const hostName = /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/;
const loopback = ["localhost", "127.0.0.1"];

/**
 * The origins of a list, separated by commas or spaces, as browsers write them; or the first entry that is none, and
 * why. They become part of the policy that decides which pages may frame the form, so nothing is guessed.
 */
export function readOrigins(list: string): { origins: string[] } | { entry: string; fault: OriginFault } {
  const origins = new Set<string>();
  for (const entry of list.split(/[\s,]+/).filter(Boolean)) {
    const read = readOrigin(entry);
    if ("fault" in read) return { entry, fault: read.fault };
    origins.add(read.origin);
  }
  return { origins: [...origins] };
}

function readOrigin(entry: string): { origin: string } | { fault: OriginFault } {
  if (entry.includes("*")) return { fault: "wildcard" };
  if (!/^https?:\/\/[^/\\]/i.test(entry) || !URL.canParse(entry)) return { fault: "unreadable" };
  const { protocol, hostname, origin, pathname, username, password } = new URL(entry);
  if (username + password !== "" || /[@%]/.test(entry)) return { fault: "unreadable" };
  if (pathname !== "/" || /[?#\\]/.test(entry)) return { fault: "page" };
  const isAddress = /^[\d.]+$/.test(hostname);
  if (!hostName.test(hostname) || (isAddress && !loopback.includes(hostname))) return { fault: "host" };
  if (protocol === "http:" && !loopback.includes(hostname)) return { fault: "insecure" };
  return { origin };
}

/** The origin of an address if it is one of these; null for everything else, such as `null` and no address at all. */
export function allowedOrigin(address: string | null | undefined, origins: readonly string[]): string | null {
  if (!address || !URL.canParse(address)) return null;
  const { origin } = new URL(address);
  return origins.includes(origin) ? origin : null;
}
