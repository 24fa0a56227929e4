import type { IncomingHttpHeaders } from "node:http";

/** Headers that proxies and CDNs add to a request and browsers never send: address, protocol, host. */
const added = new RegExp(
  `^(?:${[
    "forwarded",
    "via",
    "x-real-ip",
    "x-forwarded(?:-[a-z]+)*",
    "x-original-forwarded-for",
    "x-envoy-external-address",
    "(?:cf|do)-connecting-ip",
    "(?:true|fly|fastly|x|x-cluster)-client-ip",
    "x-azure-(?:client|socket)ip",
    "x-appengine-user-ip",
    "front-end-https",
    "x(?:-url)?-scheme",
    "x-arr-ssl",
  ].join("|")})$`,
);

/** The name of a proxy's header in the request; undefined if the request seems to come directly from its sender. */
export const proxyHeader = (headers: IncomingHttpHeaders): string | undefined =>
  Object.keys(headers).find((name) => added.test(name));

/** The protocol, from headers of proxies that do not send X-Forwarded-Proto. */
export function otherProtocol(headers: IncomingHttpHeaders): "https" | "http" | undefined {
  const scheme = ["x-forwarded-scheme", "x-url-scheme", "x-scheme"].map((name) => headers[name]).find(Boolean);
  if (scheme !== undefined) return String(scheme).toLowerCase() === "https" ? "https" : "http";
  const isOn = ["x-forwarded-ssl", "front-end-https"].some((name) => String(headers[name]).toLowerCase() === "on");
  return isOn ? "https" : undefined;
}
