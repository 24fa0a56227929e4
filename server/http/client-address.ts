import { BlockList, isIPv4, isIPv6, SocketAddress } from "node:net";
import type { Request, RequestHandler } from "express";
import { forwardedHops } from "./forwarded-hops";
import { otherProtocol } from "./proxy-headers";

/** IPv4 within IPv6, as dual-stack sockets and translators write it. */
const embedded = ["::ffff:", "64:ff9b::"];

/**
 * An address in canonical form, so that each visitor has one. Proxies write it with a port, which changes with each
 * connection, in brackets, in quotes, with an interface's name, in capitals, or as IPv4 within IPv6. Null if it is no
 * address, such as `unknown`.
 */
export function canonicalAddress(text: string | undefined): string | null {
  const bare = (text ?? "").trim().replace(/^"(.*)"$/, "$1");
  const host = /^\[([^\]]*)\](?::\d+)?$/.exec(bare)?.[1] ?? /^([\d.]+):\d+$/.exec(bare)?.[1] ?? bare;
  const address = host.replace(/%.*$/, "");
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  const short = new SocketAddress({ address, family: "ipv6" }).address.toLowerCase();
  const inner = embedded.flatMap((prefix) => (short.startsWith(prefix) ? [short.slice(prefix.length)] : []))[0];
  return inner === undefined ? short : (ipv4Of(inner) ?? short);
}

/** The last 32 bits, also if they are written as two groups. */
function ipv4Of(text: string): string | null {
  if (isIPv4(text)) return text;
  const [high, low, ...more] = text.split(":").map((group) => Number.parseInt(group, 16));
  if (high === undefined || low === undefined || more.length > 0) return null;
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/**
 * The address for which limits count a request: the visitor's by trusted proxies, or the proxy's own if they send none.
 */
export const clientAddress = (req: Request): string =>
  canonicalAddress(req.ip) ?? canonicalAddress(req.socket.remoteAddress) ?? "";

const ownNetworks = new BlockList();
for (const [network, prefix] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10],
] as const)
  ownNetworks.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  ownNetworks.addSubnet(network, prefix, "ipv6");

/** On this machine or a private network, where proxies are and visitors are not. */
export const isPrivateAddress = (address: string): boolean =>
  address !== "" && ownNetworks.check(address, isIPv4(address) ? "ipv4" : "ipv6");

/**
 * Translates headers that Express does not know into those that it does: RFC 7239's `Forwarded`, nginx's usual
 * `X-Real-IP`, and other ways to say https. Only from trusted proxies, and only if they do not send the known headers,
 * which a visitor may then have forged.
 */
export function readForwarded(proxies: number | undefined): RequestHandler {
  return (req, _res, next) => {
    const { forwarded } = req.headers;
    if (proxies && forwarded && req.headers["x-forwarded-for"] === undefined) {
      const hops = forwardedHops(forwarded, proxies);
      req.headers["x-forwarded-for"] = hops.map((hop) => canonicalAddress(hop.for) ?? "unknown").join(", ");
      // The entry added by the outermost trusted proxy.
      const { proto, host } = hops[0] ?? {};
      if (proto) req.headers["x-forwarded-proto"] ??= proto;
      if (host) req.headers["x-forwarded-host"] ??= host;
    }
    if (proxies) {
      // X-Real-IP is used with one proxy only: with several, it is the address of the proxy before the nearest.
      const address = proxies === 1 ? canonicalAddress(String(req.headers["x-real-ip"] ?? "")) : null;
      if (address) req.headers["x-forwarded-for"] ??= address;
      const protocol = otherProtocol(req.headers);
      if (protocol) req.headers["x-forwarded-proto"] ??= protocol;
    }
    next();
  };
}

/** The visitor's address in a `Forwarded`, as the outermost of so many trusted proxies has added it. */
export const forwardedAddress = (forwarded: string, proxies: number): string | null =>
  canonicalAddress(forwardedHops(forwarded, proxies)[0]?.for);
