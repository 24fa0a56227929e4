import { isIPv6 } from "node:net";
import { ipKeyGenerator } from "express-rate-limit";
import type { Env } from "../platform/env";
import { keyedHash } from "./keyed-hash";

export interface Network {
  key: string;
  /** How many addresses' share it may have. */
  shares: number;
}

/**
 * Whom an attempt is counted against. One subscriber has at least a whole /64 of IPv6, often more, so the networks around
 * it count too, more generously: several homes may be in them.
 */
const steps = [
  { prefix: 64, shares: 1 },
  { prefix: 56, shares: 2 },
  { prefix: 48, shares: 4 },
];

/** The networks of an address, the narrowest first; one for IPv4, also where it is written as IPv6. */
export function networksOf(address: string): Network[] {
  const narrowest = ipKeyGenerator(address, 64);
  if (!isIPv6(address) || !narrowest.includes(":")) return [{ key: narrowest, shares: 1 }];
  return steps.map(({ prefix, shares }) => ({ key: ipKeyGenerator(address, prefix), shares }));
}

let latest: { address: string; secret: string | undefined; networks: Network[] } | undefined;

/** The networks by the keys under which counters know them. An attempt asks for them several times in a row. */
export function keyedNetworks(env: Pick<Env, "SESSION_SECRET">, address: string): Network[] {
  const [secret] = env.SESSION_SECRET;
  if (latest?.address === address && latest.secret === secret) return latest.networks;
  const networks = networksOf(address).map(({ key, shares }) => ({ key: keyedHash(env, key), shares }));
  latest = { address, secret, networks };
  return networks;
}
