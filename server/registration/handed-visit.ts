import { allowedOrigin } from "../platform/embed-origins";
import type { Env } from "../platform/env";
import { clientKeys, tagKeys } from "../platform/utm-keys";
import { siteOf } from "./own-hosts";
import { readTags } from "./read-tags";
import { cleanPath, decodeTouch, encodeTouch, type Touch, touchOf, type UtmData } from "./utmUtils";

/**
 * Where the visitor of another site's page came from. The form that the page shows cannot keep it in a cookie, which
 * browsers refuse there, so the page hands it over in the form's address, and the form carries it in a field.
 */

/** Names in the form's address, apart from those of tags and of the owner's own parameters. */
export const handedNames = { page: "_page", referrer: "_referrer" } as const;

interface Handover {
  url: URL;
  /** The Referer header: the page, or only its origin, of which a page without our script tells by it. */
  referer: string | null;
  env: Pick<Env, "EMBED_ORIGINS" | "OWN_HOSTS">;
}

/** The page that shows the form, without its query; null if it is none of an allowed site, or does not say so. */
function framingPage({ url, referer, env }: Handover): URL | null {
  const told = [url.searchParams.get(handedNames.page), referer];
  const page = told.find((address) => allowedOrigin(address, env.EMBED_ORIGINS));
  return page ? new URL(page) : null;
}

/** The allowed site whose page shows the form, which may be told the form's height. */
export const framingSite = (handover: Handover): string | null => framingPage(handover)?.origin ?? null;

/**
 * The parameters that hidden questions may take: of the form's own address, else of the page's where the Referer names
 * it whole.
 */
export function handedParameters(handover: Handover): URLSearchParams {
  const page = framingPage(handover)?.searchParams ?? new URLSearchParams();
  return new URLSearchParams([...handover.url.searchParams, ...page]);
}

/** The visit as a field of the form; blank if nothing is known of it. */
export function handedVisit(handover: Handover, now?: Date): string {
  const { url, env } = handover;
  const page = framingPage(handover);
  // An address with tags was written by the page's script, or by its owner; else the Referer may have the page's own.
  const tags = readTags(url.search);
  const isTagged = tagKeys.some((key) => tags[key]);
  if (!page && !isTagged) return "";
  const site = page ?? url;
  const touch = touchOf(
    {
      url: new URL(`${site.origin}${site.pathname}${isTagged ? url.search : site.search}`),
      referrer: url.searchParams.get(handedNames.referrer) ?? undefined,
      ownHosts: [siteOf(site.hostname), ...env.OWN_HOSTS],
      ...(now ? { now } : {}),
    },
    null,
  );
  // Of the browser, whatever led it to the page.
  for (const key of clientKeys) if (tags[key]) touch[key] = tags[key];
  if (page) touch.landing = cleanPath(page.origin + page.pathname);
  // Our own page is not where the visit began.
  else delete touch.landing;
  return encodeTouch(touch);
}

/** The visit that a form brings: both touches are this one, since of earlier visits to the other site nothing is known. */
export function visitOf(field: unknown): UtmData {
  const touch: Touch | null = typeof field === "string" ? decodeTouch(field) : null;
  return { first: touch, last: touch };
}
