import { isClickKey, utmKeys } from "../platform/utm-keys";
import { type Touch, toldVisit, type UtmData } from "../registration/utmUtils";

type Visit = Record<string, unknown>;

/**
 * What Sales Intelligence is told of a visit, as `crm.tracking.trace.add` takes it: the touch whose tags the portal is
 * told, and the first touch as an earlier visit if it is another one. Null if nothing says where the person came from.
 *
 * Every `$` and everything beyond ASCII is written as a JSON escape: the portal expands macros such as `$result` inside
 * batch commands, and reads the same text from the JSON afterwards.
 */
export function traceText(touches: UtmData, siteUrl: string): string | null {
  const told = toldVisit(touches);
  if (!told || !comesFromSomewhere(told)) return null;
  const { first } = touches;
  const earlier = first && comesFromSomewhere(first) && !isPartOf(first, told) ? [visitOf(first, siteUrl)] : [];
  const trace = { ...visitOf(told, siteUrl), ...(earlier.length > 0 ? { previous: { list: earlier } } : {}) };
  return JSON.stringify(trace).replace(
    /[$\u007f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const entriesOf = (touch: Touch, wanted: (key: string) => boolean) =>
  Object.entries(touch).filter(([key, value]) => value && wanted(key));

const isUtm = (key: string) => utmKeys.some((each) => each === key);

const comesFromSomewhere = (touch: Touch): boolean =>
  Boolean(touch.referrer) || entriesOf(touch, (key) => isUtm(key) || isClickKey(key)).length > 0;

/** The first visit is told by the other touch if this is that visit, with a later click added to it at most. */
const isPartOf = (first: Touch, told: Touch): boolean =>
  Object.entries(first).every(([key, value]) => told[key as keyof Touch] === value);

/**
 * The page on which the visit began: a path of ours, or a whole address if another site's page shows the form. It comes
 * from the visitor's cookie: behind the site's address, `@other.example` would lead managers to a foreign host.
 */
function addressOf(landing: string, siteUrl: string): string {
  const page = /^https?:\/\//i.test(landing) && URL.canParse(landing) ? new URL(landing) : null;
  if (page) return page.username || page.password ? `${siteUrl}/` : page.href;
  return `${siteUrl}${/^\/(?![/\\])/.test(landing) ? landing : "/"}`;
}

/** In the shape of the portal's own script; `tags.list` is what its documentation names. */
function visitOf(touch: Touch, siteUrl: string): Visit {
  const url = addressOf(touch.landing ?? "", siteUrl);
  const ts = touch.at && !Number.isNaN(Date.parse(touch.at)) ? Math.floor(Date.parse(touch.at) / 1000) : undefined;
  return {
    url,
    ref: touch.referrer ?? "",
    tags: {
      ...(ts === undefined ? {} : { ts }),
      list: Object.fromEntries(entriesOf(touch, (key) => isUtm(key) || (isClickKey(key) && key !== "gclid"))),
      ...(touch.gclid ? { gclid: touch.gclid } : {}),
    },
    pages: { list: ts === undefined ? [] : [[url, ts]] },
  };
}
