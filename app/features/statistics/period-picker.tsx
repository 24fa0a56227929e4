import { Form, Link } from "@remix-run/react";
import { useId } from "react";
import { Button } from "~/components/ui/button";
import { useDay } from "~/components/ui/use-day";
import { statisticsTexts } from "~/features/statistics/texts";
import { useTexts } from "~/i18n/locale";
import { type Period, periodQuery, presets, type Span } from "~server/statistics/period";

interface Props {
  period: Period;
  /** What the fields say: the days of the period, or those that were typed and are none. */
  days: Pick<Span, "from" | "to">;
  /** Null: all of them. */
  form: number | null;
  /** A single form is nothing to choose from. */
  forms: { id: number; name: string }[];
}

/** The usual periods as links, any other by its days, and the forms. All lead to an address of their own. */
export function PeriodPicker({ period, days: { from, to }, form, forms }: Props) {
  const m = useTexts(statisticsTexts);
  const address = (of: Period, id: number | null) => `?${periodQuery(of)}${id === null ? "" : `&form=${id}`}`;
  const chosen = "days" in period ? period.days : null;
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
      <nav aria-label={m.period} className="flex flex-wrap">
        {presets.map((days) => (
          <Choice key={days} to={address({ days }, form)} isChosen={days === chosen}>
            {m.presets[days]}
          </Choice>
        ))}
      </nav>
      {/* The key lets the fields follow the address. */}
      <Form key={`${from} ${to}`} className="flex flex-wrap items-end gap-3">
        {form === null ? null : <input type="hidden" name="form" value={form} />}
        <DayInput label={m.from} name="from" value={from} />
        <DayInput label={m.to} name="to" value={to} />
        <Button type="submit" look="secondary">
          {m.show}
        </Button>
      </Form>
      {forms.length > 1 ? (
        <nav aria-label={m.form} className="flex w-full flex-wrap">
          <Choice to={address(period, null)} isChosen={form === null}>
            {m.allForms}
          </Choice>
          {forms.map(({ id, name }) => (
            <Choice key={id} to={address(period, id)} isChosen={form === id}>
              {name || m.firstForm}
            </Choice>
          ))}
        </nav>
      ) : null}
    </div>
  );
}

const Choice = ({ to, isChosen, children }: { to: string; isChosen: boolean; children: string }) => (
  <Link
    to={to}
    aria-current={isChosen ? "page" : undefined}
    className="inline-flex min-h-11 items-center rounded-md px-3 text-sm text-ink-soft wrap-anywhere hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-semibold aria-[current=page]:text-good"
  >
    {children}
  </Link>
);

function DayInput({ label, name, value }: { label: string; name: string; value: string }) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-xs text-ink-soft">
        {label}
      </label>
      <input
        id={id}
        name={name}
        {...useDay()}
        defaultValue={value}
        required
        className="min-h-11 rounded-md border border-edge bg-surface px-3 py-2 text-sm"
      />
    </div>
  );
}
