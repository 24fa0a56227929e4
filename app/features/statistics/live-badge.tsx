import { Badge } from "~/components/ui/badge";
import { overviewTexts } from "~/features/statistics/texts";
import type { Freshness } from "~/hooks/use-poll";
import { useTexts } from "~/i18n/locale";

/** Whether the page's figures are kept up to date. Silent until that is known, and where there is no script. */
export function LiveBadge({ freshness }: { freshness: Freshness }) {
  const m = useTexts(overviewTexts).live;
  return (
    <span data-live={freshness} role="status">
      {freshness === "unknown" ? null : <Badge tone={freshness === "current" ? "good" : "wait"}>{m[freshness]}</Badge>}
    </span>
  );
}
