import { BlockList, isIP } from "node:net";

/**
 * Which addresses a webhook may lead to. An administrator names it, but the request comes from inside the operator's
 * network: without this check it would reach services there that trust their neighbours, such as a cloud's metadata.
 */

const inside = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  inside.addSubnet(network, prefix, "ipv4");

/** Of IPv6 only global unicast is public, without those ranges of it that lead elsewhere or embed an IPv4 address. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  inside.addSubnet(network, prefix, "ipv6");

export function isPublicAddress(address: string): boolean {
  // A zone, as in fe80::1%eth0, belongs to link-local addresses alone.
  const version = isIP(address);
  if (version === 4) return !inside.check(address, "ipv4");
  return version === 6 && globalUnicast.check(address, "ipv6") && !inside.check(address, "ipv6");
}

export type UrlProblem = "invalid" | "https" | "credentials" | "internal";

interface Allowed {
  /** WEBHOOK_INTERNAL_HOSTS */
  internalHosts: readonly string[];
}

/** The host of a URL as a name or an address, without an IPv6 address's brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");

export const isAllowedInside = (url: URL, { internalHosts }: Allowed): boolean => internalHosts.includes(hostOf(url));

/** What is wrong with an address that a webhook is to have; null: nothing. A name is looked up at each attempt. */
export function urlProblem(text: string, allowed: Allowed): UrlProblem | null {
  if (!URL.canParse(text)) return "invalid";
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) return "invalid";
  if (url.username !== "" || url.password !== "") return "credentials";
  if (isAllowedInside(url, allowed)) return null;
  if (url.protocol !== "https:") return "https";
  const host = hostOf(url);
  return isIP(host) !== 0 && !isPublicAddress(host) ? "internal" : null;
}
