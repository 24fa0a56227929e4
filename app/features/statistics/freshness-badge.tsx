import { Badge } from "~/components/ui/badge";
import { statisticsTexts } from "~/features/statistics/texts";
import type { Freshness } from "~/hooks/use-poll";
import { useTexts } from "~/i18n/locale";

/** Whether the page's numbers are up to date. Silent until that is known, and where there is no script. */
export function FreshnessBadge({ freshness }: { freshness: Freshness }) {
  const m = useTexts(statisticsTexts).freshness;
  return (
    <span data-freshness={freshness} role="status">
      {freshness === "unknown" ? null : <Badge tone={freshness === "current" ? "good" : "wait"}>{m[freshness]}</Badge>}
    </span>
  );
}
