import { getDomain } from "tldts";

/**
 * Whether a host is ours, so that coming from it is no new visit: the site's own host, hosts under the same registrable
 * domain, and the named hosts with their subdomains.
 */
export function isOwnHost(host: string, site: string, named: string[]): boolean {
  return siteOf(host) === siteOf(site) || named.some((own) => host === own || host.endsWith(`.${own}`));
}

/** The registrable domain of a host; the host itself if it has none, such as localhost or an IP address. */
export const siteOf = (host: string): string => getDomain(host, { allowPrivateDomains: true }) ?? host;
