import type { Inspection, PortalFacts } from "./facts";

/** The reason to think that another portal answers. */
export type PortalChange = "host" | "founded" | "owner" | "records";

export interface KnownPortal {
  hosts: string[];
  facts: PortalFacts;
}

/** More than the hours by which one day of registration differs, and less than a day. */
const sameDayMs = 3 * 3_600_000;

/**
 * The portal keeps the day alone and writes it as midnight with the offset that its server, or the asking user, has at
 * present. So the instant moves by an hour at each change to or from summer time.
 */
const sameTime = (a: string, b: string): boolean => a === b || Math.abs(Date.parse(a) - Date.parse(b)) < sameDayMs;

/**
 * Compares the stored facts of the portal with its present answers; null: the same portal. The first user's day of
 * registration decides if the portal returns it. Otherwise that of the webhook's owner decides, if the owner is the
 * same. Otherwise the records that we created decide: if none of their ids names them any more, it is another portal.
 * `redirected`: the portal itself has redirected us to this address.
 */
export function portalChange(
  known: KnownPortal,
  { host, facts, sample }: Inspection,
  { redirected }: { redirected: boolean },
): PortalChange | null {
  if (known.facts.vouched && known.hosts.includes(host)) return null;
  const isProved = sample.ours > 0 && sample.foreign === 0;
  const isNew = known.hosts.length === 0;
  if (!isNew && !known.hosts.includes(host) && !redirected && !(isLoopback(host) && isProved)) return "host";
  if (known.facts.founded && facts.founded) return sameTime(known.facts.founded, facts.founded) ? null : "founded";
  const sameOwner = known.facts.ownerId !== undefined && known.facts.ownerId === facts.ownerId;
  if (sameOwner && known.facts.ownerSince && facts.ownerSince)
    return sameTime(known.facts.ownerSince, facts.ownerSince) ? null : "owner";
  // All of our records are missing: another portal, or a webhook that cannot see them and would create them a second
  // time.
  return sample.ours === 0 && (sample.foreign > 0 || sample.missing > 1) ? "records" : null;
}

/** On this machine any stand-in may use the port, so records with our external ids are proof enough. */
const isLoopback = (host: string): boolean => /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(host);
