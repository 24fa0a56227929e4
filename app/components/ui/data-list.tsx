import type { ReactNode } from "react";

/** Names and values, side by side where the list itself has room. The air around it is that of what it stands in. */
export function DataList({ rows }: { rows: { name: string; value: ReactNode }[] }) {
  return (
    <dl className="@container divide-y divide-line">
      {rows.map(({ name, value }) => (
        <div key={name} className="grid gap-x-6 py-2.5 first:pt-0 last:pb-0 @sm:grid-cols-[11rem_minmax(0,1fr)]">
          <dt className="text-sm text-ink-soft">{name}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
