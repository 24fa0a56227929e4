import { formatDistance, formatMoment } from "~/i18n/format";
import { useLocale } from "~/i18n/locale";
import { useNow } from "~/i18n/now";
import { useTimeZone } from "~/i18n/zone";

interface Props {
  value: string;
  dateOnly?: boolean;
  /** Also of today by day and clock: for what counts as evidence, and where the words around it ask for a date. */
  exact?: boolean;
  /** As short as a column of a list needs: minutes and hours of today, the day otherwise. */
  short?: boolean;
}

/**
 * A moment in the reader's language and the installation's zone, so that its day is the same in lists, filters, charts
 * and exports for every reader. What is less than a day away is told in minutes or hours, with the exact time as its
 * title. A clock time names the zone.
 */
export function DateTime({ value, dateOnly = false, short = false, exact = dateOnly && !short }: Props) {
  const [locale, zone] = [useLocale(), useTimeZone()];
  const whole = formatMoment(locale, zone, value, dateOnly && !short);
  if (exact) return <time dateTime={value}>{whole}</time>;
  return (
    <time dateTime={value} title={whole}>
      <Distance value={value} style={short ? "short" : "long"}>
        {dateOnly ? formatMoment(locale, zone, value, true, short ? "short" : "long") : whole}
      </Distance>
    </time>
  );
}

/** How far away the moment is, or what is given for one that is a day away or more. */
function Distance({ value, style, children }: { value: string; style: "long" | "short"; children: string }) {
  // In an element of its own: printed, the exact time takes its place (app/tailwind.css).
  return <span>{formatDistance(useLocale(), useNow(), value, style) ?? children}</span>;
}
