import { formatMoment } from "~/i18n/format";
import { useLocale } from "~/i18n/locale";
import { useTimeZone } from "~/i18n/zone";

/**
 * A moment in the reader's language and the installation's zone, so that its day is the same in lists, filters, charts
 * and exports for every reader. A clock time names the zone.
 */
export function DateTime({ value, dateOnly = false }: { value: string; dateOnly?: boolean }) {
  return <time dateTime={value}>{formatMoment(useLocale(), useTimeZone(), value, dateOnly)}</time>;
}
