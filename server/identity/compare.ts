import type { Inspection, PortalFacts } from "./facts";

/** Why a portal is taken for another one than it was. */
export type PortalChange = "host" | "founded" | "owner" | "records";

export interface KnownPortal {
  hosts: string[];
  facts: PortalFacts;
}

/** The portal writes times in the zone of whoever asks. */
const sameTime = (a: string, b: string): boolean => a === b || Date.parse(a) === Date.parse(b);

/**
 * Compares what is known of the portal with what it tells now; null: it is the same. Its first user's day of registration
 * decides, where it is told; else that of the webhook's owner, if it is the same owner; else the records that we made: where
 * others stand under all of their numbers, so does another portal. `redirected`: the portal itself has sent us to
 * this address.
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
  // All of them missing: another portal, or a webhook that sees none of them, and would make them a second time.
  return sample.ours === 0 && (sample.foreign > 0 || sample.missing > 1) ? "records" : null;
}

/** On this machine the port belongs to whoever starts the stand-in: records that bear our mark are proof enough. */
const isLoopback = (host: string): boolean => /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(host);
