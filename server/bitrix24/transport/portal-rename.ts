const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** `name.bitrix24.ru` → `bitrix24.`: every cloud portal has such a domain in any country. */
const isCloud = (host: string) => /(^|\.)bitrix24\.[a-z]{2,3}(\.[a-z]{2})?$/.test(host);

/**
 * The new URL of a renamed portal, or null if the redirect is no rename: the path with the key must stay the same, TLS
 * must stay, and the new host must be a cloud portal like the old one. The key is sent to no other host.
 */
export function renamedTarget(from: string, location: string | null): string | null {
  if (!location) return null;
  const old = new URL(from);
  let target: URL;
  try {
    target = new URL(location, old);
  } catch {
    return null;
  }
  if (target.pathname !== old.pathname) return null;
  const trusted = loopback.test(old.hostname)
    ? loopback.test(target.hostname)
    : target.protocol === "https:" && isCloud(old.hostname) && isCloud(target.hostname);
  return trusted ? target.origin + target.pathname : null;
}
