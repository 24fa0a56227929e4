import { useTexts } from "~/i18n/locale";
import { overviewTexts } from "~/i18n/overview";
import type { LiveState } from "~/use-live";
import { Badge } from "./badge";

/** Whether what one sees moves by itself. Silent until that is known, and where there is no script. */
export function LiveBadge({ state }: { state: LiveState }) {
  const m = useTexts(overviewTexts).live;
  return (
    <span data-live={state}>
      {state === "connecting" ? null : <Badge tone={state === "live" ? "good" : "plain"}>{m[state]}</Badge>}
    </span>
  );
}
