import { Link } from "@remix-run/react";
import { adminUsersTexts } from "~/features/users/list-texts";
import { formatDay } from "~/i18n/format";
import { useLocale, useTexts } from "~/i18n/locale";
import { filterFields, noSource, type UserFilter } from "~server/users/filter";

interface Props {
  filter: UserFilter;
  forms: { id: number; name: string }[];
  /** The address of the list without a filter. */
  whole: string;
}

/** What the list is filtered by, each with a link that takes it away. */
export function FilterChips({ filter, forms, whole }: Props) {
  const m = useTexts(adminUsersTexts);
  const words = useChipWords({ filter, forms });
  const fields = filterFields(filter);
  if (fields.length === 0) return null;
  return (
    <ul aria-label={m.filter.set} className="flex flex-wrap items-center gap-2 text-sm print:hidden">
      {fields.map(([name]) => {
        const rest = new URLSearchParams(fields.filter(([other]) => other !== name));
        return (
          <li key={name} className="min-w-0">
            <Link
              to={rest.size > 0 ? `/admin/users?${rest}` : whole}
              className="inline-flex min-h-8 max-w-full items-center gap-1.5 rounded-full bg-accent-soft px-3 text-accent-strong hover:bg-sunken"
            >
              <span className="sr-only">{m.filter.remove} </span>
              <span className="min-w-0 truncate">{words(name)}</span>
              <span aria-hidden="true">×</span>
            </Link>
          </li>
        );
      })}
      <li>
        <Link
          to={whole}
          className="inline-flex min-h-8 items-center px-1 text-accent underline underline-offset-4 hover:text-accent-strong"
        >
          {m.filter.reset}
        </Link>
      </li>
    </ul>
  );
}

function useChipWords({ filter, forms }: Omit<Props, "whole">): (name: string) => string {
  const m = useTexts(adminUsersTexts);
  const locale = useLocale();
  const answer = (words: { yes: string; no: string }, value: boolean | null | undefined) =>
    value ? words.yes : words.no;
  const form = forms.find(({ id }) => id === filter.form);
  const words: Record<string, string> = {
    q: m.filter.quoted(filter.q),
    paid: answer(m.paid, filter.paid),
    confirmed: `${m.filter.confirmed}: ${answer(m.confirmed, filter.confirmed)}`,
    crm: filter.crm ? m.crm[filter.crm] : "",
    source: `${m.filter.source}: ${filter.source === noSource ? m.filter.noSource : filter.source}`,
    form: `${m.filter.form}: ${form ? form.name || m.filter.firstForm : filter.form}`,
    from: filter.from ? m.filter.since(formatDay(locale, filter.from)) : "",
    to: filter.to ? m.filter.until(formatDay(locale, filter.to)) : "",
    sort: m.sorts[filter.sort],
  };
  return (name) => words[name] ?? name;
}
