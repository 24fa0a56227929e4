import { useSyncExternalStore } from "react";
import { useLocale } from "~/i18n/locale";

const never = () => () => {};

/**
 * A moment in the reader's own language and zone. The server does not know the zone, so it writes UTC and says so;
 * the browser puts its own in place once it has taken the page over.
 */
export function DateTime({ value, dateOnly = false }: { value: string; dateOnly?: boolean }) {
  const locale = useLocale();
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const format = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : "ru-RU", {
    dateStyle: "long",
    ...(dateOnly ? {} : { timeStyle: "short" }),
    ...(inBrowser ? {} : { timeZone: "UTC" }),
  });
  const zone = inBrowser || dateOnly ? "" : " UTC";
  return <time dateTime={value}>{format.format(new Date(value)) + zone}</time>;
}
