import type { HeadersFunction } from "@remix-run/node";

/**
 * For the root, whose error page shows what pages throw: Remix drops the headers of a thrown answer but its cookies, and with
 * them how long a person has to wait. Only that is given on: what else belongs to the thrown body is not true of the page.
 */
export const retryAfter: HeadersFunction = ({ errorHeaders }) => {
  const seconds = errorHeaders?.get("Retry-After");
  return seconds ? { "Retry-After": seconds } : {};
};
