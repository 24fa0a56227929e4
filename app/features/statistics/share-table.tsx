import { TextLink } from "~/components/ui/text-link";
import { statisticsTexts } from "~/features/statistics/texts";
import { formatNumber, formatShare } from "~/i18n/format";
import { useLocale, useTexts } from "~/i18n/locale";

interface Row {
  key: string;
  name: string;
  /** Where the name leads. */
  to?: string;
  /** Said below the name. */
  of?: string;
  registrations: number;
  paid: number;
}

interface Props {
  caption: string;
  /** What the names are. */
  heading: string;
  rows: Row[];
  /** Everybody in the period: what the rows leave over is summed up in a last one. */
  totals: { registrations: number; paid: number };
  /** Whether the rows are meant to make up the whole. */
  complete: boolean;
}

/** People and how many of them have paid, by a tag of their first visit. The bars compare the rows with the largest. */
export function ShareTable({ caption, heading, rows, totals, complete }: Props) {
  const m = useTexts(statisticsTexts);
  const locale = useLocale();
  const rest = (key: "registrations" | "paid") => totals[key] - rows.reduce((sum, row) => sum + row[key], 0);
  const others = { key: "others", name: m.others, registrations: rest("registrations"), paid: rest("paid") };
  const most = Math.max(complete ? others.registrations : 0, ...rows.map((row) => row.registrations));
  const shown = complete && others.registrations > 0 ? [...rows, others] : rows;
  return (
    <table className="w-full table-fixed text-left text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-edge text-xs sm:text-sm">
          <th scope="col" className="py-2 pr-3 font-medium">
            {heading}
          </th>
          <th scope="col" className="w-16 py-2 pr-2 text-right font-medium sm:w-20 sm:pr-3">
            {m.people}
          </th>
          <th scope="col" className="w-18 py-2 text-right font-medium sm:w-24">
            {m.paid}
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {shown.map((row: Row) => (
          <tr key={row.key}>
            <th scope="row" className="py-2 pr-3 align-top font-normal">
              <span className="line-clamp-2 wrap-anywhere" title={row.name}>
                {row.to ? <TextLink to={row.to}>{row.name}</TextLink> : row.name}
              </span>
              {row.of ? <span className="block truncate text-xs text-ink-soft">{row.of}</span> : null}
              <Bar part={row.registrations} whole={most} />
            </th>
            <td className="py-2 pr-3 text-right align-top tabular-nums">{formatNumber(locale, row.registrations)}</td>
            <td className="py-2 text-right align-top tabular-nums">
              {formatShare(locale, row.paid, row.registrations)}
              <span className="block text-xs text-ink-soft">{formatNumber(locale, row.paid)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Bar = ({ part, whole }: { part: number; whole: number }) => (
  <svg aria-hidden="true" width="100%" height="6" className="mt-1.5">
    <rect width="100%" height="6" rx="3" className="fill-sunken" />
    <rect width={`${whole === 0 ? 0 : (100 * part) / whole}%`} height="6" rx="3" className="fill-accent" />
  </svg>
);
