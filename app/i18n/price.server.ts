import { tags } from "./duration";
import type { Locale } from "./locale";

const free = { en: "Free", ru: "Бесплатно" };

/** An amount of US dollars as it stands beside what it is paid for; whole dollars without cents. */
export function formatPrice(locale: Locale, usd: number): string {
  const cents = Math.round(usd * 100);
  if (cents === 0) return free[locale];
  const digits = cents % 100 === 0 ? 0 : 2;
  const format = { style: "currency", currency: "USD", minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(tags[locale], format as Intl.NumberFormatOptions).format(cents / 100);
}
