import { createHash } from "node:crypto";
import type { Request, RequestHandler } from "express";
import { isSecure, sessionIdOf } from "../auth/session-cookie";
import { elapsedMs } from "../platform/elapsed";
import type { Services } from "../services";
import { canonicalAddress, clientAddress, forwardedAddress, isPrivateAddress } from "./client-address";
import { proxyHeader } from "./proxy-headers";

/** More browsers or sessions at one time than a household has. */
const manyBrowsers = 10;
const manySessions = 20;
const windowMs = 10 * 60_000;
/** The share of all requests above which an address is assumed to be a proxy's. */
const nearlyAll = 0.9;
/** Limits memory during a flood of addresses, when no single address is a proxy's. */
const mostAddresses = 1_000;

/**
 * Warns the operator, once per kind, of the effects of a proxy that is not declared or declared wrongly: all visitors
 * share the limits of one, and cookies and links assume a TLS that is missing. Does not change requests.
 */
export function warnOfProxies({ env, log }: Pick<Services, "env" | "log">): RequestHandler {
  const told = new Set<string>();
  const tell = (kind: string, message: string) => {
    if (told.has(kind)) return;
    told.add(kind);
    log.warn({ kind, docs: "docs/proxies.md" }, message);
  };
  const isCounting = env.RATE_LIMIT_REGISTER > 0 || env.RATE_LIMIT_LOGIN > 0;
  const crowd = new Crowd();
  return (req, _res, next) => {
    const sentBy = canonicalAddress(req.socket.remoteAddress) ?? "";
    const header = proxyHeader(req.headers);
    if (!env.TRUST_PROXY && header !== undefined && isPrivateAddress(sentBy))
      tell(
        "proxy_not_declared",
        `a proxy stands in front (it sends ${header}), but TRUST_PROXY is not set: limits count all visitors as one`,
      );
    if (env.TRUST_PROXY && !told.has("headers_disagree") && otherVisitor(req, env.TRUST_PROXY))
      tell(
        "headers_disagree",
        "two forwarding headers name different visitors: let the proxy overwrite or remove those that it does not send itself, since a visitor may have sent them; this does no harm where the proxy sends X-Forwarded-For, which counts before the others",
      );
    const saysHttps = req.secure || String(req.headers["x-forwarded-proto"] ?? "").startsWith("https");
    if (isSecure(env) && isPage(req) && !saysHttps)
      tell(
        "https_not_seen",
        "APP_URL promises https, but pages are asked for without it: let the proxy that ends TLS send X-Forwarded-Proto, and set TRUST_PROXY",
      );
    if (isCounting && !told.has("proxy_not_declared") && crowd.add(clientAddress(req), req, env))
      tell(
        "one_address",
        "nearly all visitors come from one address, so they share its limits: if a proxy stands in front, set TRUST_PROXY to the number of proxies",
      );
    next();
  };
}

/**
 * Whether another forwarding header than the one that counts names another visitor. X-Real-IP of several proxies is the
 * address of one of them.
 */
function otherVisitor(req: Request, proxies: number): boolean {
  const { forwarded } = req.headers;
  const real = proxies === 1 ? canonicalAddress(String(req.headers["x-real-ip"] ?? "")) : null;
  const addresses = [real, forwarded ? forwardedAddress(forwarded, proxies) : null];
  return addresses.some((address) => address !== null && address !== clientAddress(req));
}

const isPage = (req: Request) => req.method === "GET" && (req.headers.accept ?? "").includes("text/html");

interface Visitors {
  requests: number;
  browsers: Set<string>;
  sessions: Set<string>;
}

/** Detects whether many visitors come from one address, within a window of time. */
class Crowd {
  readonly #addresses = new Map<string, Visitors>();
  #requests = 0;
  #since = elapsedMs();

  /** Counts a request; true if its address seems to be shared by all visitors. */
  add(address: string, req: Request, env: Services["env"]): boolean {
    if (elapsedMs() - this.#since > windowMs) {
      this.#addresses.clear();
      this.#requests = 0;
      this.#since = elapsedMs();
    }
    this.#requests += 1;
    const visitors = this.#addresses.get(address) ?? { requests: 0, browsers: new Set(), sessions: new Set() };
    if (this.#addresses.size < mostAddresses) this.#addresses.set(address, visitors);
    visitors.requests += 1;
    const browser = req.headers["user-agent"];
    const session = sessionIdOf(env, req.headers.cookie);
    // Only a hash of the browser and the beginning of the session are kept, and no more of them than are needed.
    if (browser && visitors.browsers.size < manyBrowsers) visitors.browsers.add(shortHash(browser));
    if (session && visitors.sessions.size < manySessions) visitors.sessions.add(session.slice(0, 12));
    const isMany = visitors.browsers.size >= manyBrowsers || visitors.sessions.size >= manySessions;
    return isMany && visitors.requests >= this.#requests * nearlyAll;
  }
}

const shortHash = (text: string) => createHash("sha256").update(text).digest("base64url").slice(0, 12);
