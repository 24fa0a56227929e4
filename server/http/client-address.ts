import { BlockList, isIPv4, isIPv6, SocketAddress } from "node:net";
import type { Request, RequestHandler } from "express";
import { otherProtocol } from "./proxy-headers";

/** IPv4 in IPv6, as dual sockets and translators write it. */
const embedded = ["::ffff:", "64:ff9b::"];

/**
 * An address in the one form by which visitors are told apart. Proxies write it with a port, which is new with each
 * connection, in brackets, in quotes, with the name of an interface, in capitals, as IPv4 within IPv6. Null for what is no
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

/** The last 32 bits, which may be written as two groups. */
function ipv4Of(text: string): string | null {
  if (isIPv4(text)) return text;
  const [high, low, ...more] = text.split(":").map((group) => Number.parseInt(group, 16));
  if (high === undefined || low === undefined || more.length > 0) return null;
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** Whom limits count a request for: what the trusted proxies say, or the proxy itself where they say nothing useful. */
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

/** Of this machine or a private network, where proxies are and visitors are not. */
export const isPrivateAddress = (address: string): boolean =>
  address !== "" && ownNetworks.check(address, isIPv4(address) ? "ipv4" : "ipv6");

/**
 * Reads what Express does not know into the headers that it does: RFC 7239's `Forwarded`, nginx's usual `X-Real-IP`, and
 * other ways to say https. Only from trusted proxies, and only where they do not send those themselves: then a visitor may
 * have made it up.
 */
export function readForwarded(proxies: number | undefined): RequestHandler {
  return (req, _res, next) => {
    const { forwarded } = req.headers;
    if (proxies && forwarded && req.headers["x-forwarded-for"] === undefined) {
      const hops = forwardedHops(forwarded);
      req.headers["x-forwarded-for"] = hops.map((hop) => canonicalAddress(hop.for) ?? "unknown").join(", ");
      // Added by the outermost proxy that is trusted; addresses before it came from outside.
      const { proto, host } = hops[Math.max(0, hops.length - proxies)] ?? {};
      if (proto) req.headers["x-forwarded-proto"] ??= proto;
      if (host) req.headers["x-forwarded-host"] ??= host;
    }
    if (proxies) {
      // The nearest proxy's word: with more of them it would be the address of the one before it.
      const address = proxies === 1 ? canonicalAddress(String(req.headers["x-real-ip"] ?? "")) : null;
      if (address) req.headers["x-forwarded-for"] ??= address;
      const protocol = otherProtocol(req.headers);
      if (protocol) req.headers["x-forwarded-proto"] ??= protocol;
    }
    next();
  };
}

type Hop = Partial<Record<string, string>>;

/** One for each proxy, the nearest last. */
function forwardedHops(header: string): Hop[] {
  const quoted = /(?:"(?:[^"\\]|\\.)*"|[^",])+/g;
  return (header.match(quoted) ?? []).map((element) =>
    Object.fromEntries(
      element.split(";").flatMap((pair) => {
        const [, name, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
        return name && value ? [[name.toLowerCase(), value.replace(/^"(.*)"$/, "$1")]] : [];
      }),
    ),
  );
}
