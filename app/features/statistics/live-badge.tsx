import { Badge } from "~/components/ui/badge";
import { overviewTexts } from "~/features/statistics/texts";
import type { LiveState } from "~/hooks/use-live";
import { useTexts } from "~/i18n/locale";

/** Whether what one sees moves by itself. Silent until that is known, and where there is no script. */
export function LiveBadge({ state }: { state: LiveState }) {
  const m = useTexts(overviewTexts).live;
  return (
    <span data-live={state}>
      {state === "connecting" ? null : <Badge tone={state === "live" ? "good" : "plain"}>{m[state]}</Badge>}
    </span>
  );
}
