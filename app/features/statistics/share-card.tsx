import type { ComponentProps } from "react";
import { Card } from "~/components/ui/card";
import { ShareTable } from "~/features/statistics/share-table";

interface Props extends ComponentProps<typeof ShareTable> {
  /** What is counted. */
  text: string;
  /** Said instead of a table without rows. */
  empty?: string;
}

/** A table of shares under its name. */
export function ShareCard({ text, empty, ...table }: Props) {
  return (
    <Card className="grid gap-4 p-4 sm:p-8">
      <div className="grid gap-1">
        <h2 className="text-lg font-semibold">{table.caption}</h2>
        <p className="text-sm text-ink-soft">{text}</p>
      </div>
      {empty !== undefined && table.rows.length === 0 ? (
        <p className="text-ink-soft">{empty}</p>
      ) : (
        <ShareTable {...table} />
      )}
    </Card>
  );
}
