import { Form, Link } from "@remix-run/react";
import { useId } from "react";
import { Button } from "~/components/ui/button";
import { statisticsTexts } from "~/features/statistics/texts";
import { useTexts } from "~/i18n/locale";
import { type Period, presets, type Span } from "~server/statistics/period";

/** The usual periods as links, any other by its days. Both lead to an address of their own. */
export function PeriodPicker({ period, span }: { period: Period; span: Span }) {
  const m = useTexts(statisticsTexts);
  const chosen = "days" in period ? period.days : null;
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
      <nav aria-label={m.period} className="-mx-1 flex flex-wrap">
        {presets.map((days) => (
          <Link
            key={days}
            to={`?days=${days}`}
            aria-current={days === chosen ? "page" : undefined}
            className="inline-flex min-h-11 items-center rounded-md px-3 text-sm text-ink-soft hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-semibold aria-[current=page]:text-good"
          >
            {m.presets[days]}
          </Link>
        ))}
      </nav>
      {/* The key lets the fields follow the address. */}
      <Form key={`${span.from} ${span.to}`} className="flex flex-wrap items-end gap-3">
        <DayInput label={m.from} name="from" value={span.from} />
        <DayInput label={m.to} name="to" value={span.to} />
        <Button type="submit" look="secondary">
          {m.show}
        </Button>
      </Form>
    </div>
  );
}

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
        type="date"
        defaultValue={value}
        required
        className="min-h-11 rounded-md border border-edge bg-surface px-3 py-2 text-sm"
      />
    </div>
  );
}
