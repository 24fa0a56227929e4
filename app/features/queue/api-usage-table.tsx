import { Card } from "~/components/ui/card";
import { DataList } from "~/components/ui/data-list";
import { DateTime } from "~/components/ui/date-time";
import { queueTexts } from "~/features/queue/texts";
import { formatNumber } from "~/i18n/format";
import { useLocale, useTexts } from "~/i18n/locale";
import type { ApiUsageView } from "~server/queue/api-usage";

/** How much of the portal's server time is used, by method. */
export function ApiUsageTable({ statistics }: { statistics: ApiUsageView[] }) {
  const m = useTexts(queueTexts);
  const locale = useLocale();
  if (statistics.length === 0) return <p className="text-sm">{m.operatingEmpty}</p>;
  return (
    <Card className="px-4 py-4.5 sm:px-8">
      <DataList
        rows={statistics.map(({ method, seconds, resetsAt }) => ({
          name: method,
          value: (
            <>
              {m.usedOf(formatNumber(locale, seconds))}
              <span className="block text-sm text-ink-soft">
                {m.renewed}: <DateTime value={resetsAt} />
              </span>
            </>
          ),
        }))}
      />
    </Card>
  );
}
