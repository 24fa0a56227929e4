import { getDomain } from "tldts";

/**
 * Whether a host is one of ours, so that coming from it is no new visit: the site's own, its neighbours under the same
 * registrable domain, and those that are named, each with what is below it.
 */
export function isOwnHost(host: string, site: string, named: string[]): boolean {
  return siteOf(host) === siteOf(site) || named.some((own) => host === own || host.endsWith(`.${own}`));
}

/** The registrable domain of a host; of one that has none, such as localhost or a number, the host itself. */
export const siteOf = (host: string): string => getDomain(host, { allowPrivateDomains: true }) ?? host;
