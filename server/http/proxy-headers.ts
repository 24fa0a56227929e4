import type { IncomingHttpHeaders } from "node:http";

/** What proxies and networks of delivery add to a request, and browsers never do: addresses, protocol, host. */
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

/** The name of a header by which a proxy shows; undefined where the request seems to come straight from its sender. */
export const proxyHeader = (headers: IncomingHttpHeaders): string | undefined =>
  Object.keys(headers).find((name) => added.test(name));

/** The protocol as proxies say it that do not send X-Forwarded-Proto. */
export function otherProtocol(headers: IncomingHttpHeaders): "https" | "http" | undefined {
  const scheme = ["x-forwarded-scheme", "x-url-scheme", "x-scheme"].map((name) => headers[name]).find(Boolean);
  if (scheme !== undefined) return String(scheme).toLowerCase() === "https" ? "https" : "http";
  const isOn = ["x-forwarded-ssl", "front-end-https"].some((name) => String(headers[name]).toLowerCase() === "on");
  return isOn ? "https" : undefined;
}
