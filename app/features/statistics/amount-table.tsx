import { statisticsTexts } from "~/features/statistics/texts";
import { useLocale, useTexts } from "~/i18n/locale";
import type { Amounts, NamedAmounts } from "~server/statistics/amounts";

/** US dollars without cents: what matters here is the comparison. */
const dollars = (locale: string, amount: number): string =>
  new Intl.NumberFormat(locale, { style: "currency", currency: "USD", maximumFractionDigits: 0 }).format(amount);

interface AmountRow extends Amounts {
  key: string;
  name: string;
  /** Said below the name. */
  of?: string | undefined;
}

interface Props {
  caption: string;
  /** What the names are. */
  heading: string;
  rows: AmountRow[];
}

/** Amounts and revenue by what brought them. */
export function AmountTable({ caption, heading, rows }: Props) {
  const m = useTexts(statisticsTexts);
  const locale = useLocale();
  return (
    <table className="w-full table-fixed text-left text-sm" data-amounts>
      <caption className="pb-2 text-left font-medium">{caption}</caption>
      <thead>
        <tr className="border-b border-edge text-xs sm:text-sm">
          <th scope="col" className="py-2 pr-3 font-medium">
            {heading}
          </th>
          {[m.amounts.all, m.amounts.paid, m.amounts.revenue].map((name) => (
            <th key={name} scope="col" className="w-18 py-2 pl-2 text-right font-medium wrap-anywhere sm:w-28">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {rows.map(({ key, name, of, all, paid, revenue }) => (
          <tr key={key}>
            <th scope="row" className="py-2 pr-3 font-normal wrap-anywhere">
              {name}
              {of === undefined ? null : <span className="block text-xs text-ink-soft">{of}</span>}
            </th>
            {[all, paid, revenue].map((amount, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the columns have no other name than their place.
              <td key={place} className="py-2 pl-2 text-right tabular-nums">
                {dollars(locale, amount)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Amounts and revenue by a tag of the first visit. */
export function TagAmounts({ caption, heading, rows }: { caption: string; heading: string; rows: NamedAmounts[] }) {
  const m = useTexts(statisticsTexts);
  return (
    <AmountTable
      caption={caption}
      heading={heading}
      rows={rows.map(({ source, campaign, ...amounts }) => ({
        key: JSON.stringify([source, campaign]),
        name: campaign ?? (source || m.noSource),
        of: campaign === null ? undefined : source || m.noSource,
        ...amounts,
      }))}
    />
  );
}
