import { Badge, type BadgeTone } from "~/components/ui/badge";
import { DateTime } from "~/components/ui/date-time";
import { TextLink } from "~/components/ui/text-link";
import { useTexts } from "~/i18n/locale";
import type { CheckVerdict } from "~server/connection-check/kept-check";
import { connectionTexts } from "./texts";

const tones: Record<CheckVerdict["state"], BadgeTone> = { ok: "good", warn: "wait", fail: "bad" };

/** How the last connection check ended, and when it was made. */
export function CheckAge({ check }: { check: CheckVerdict | null }) {
  const m = useTexts(connectionTexts);
  return (
    <p data-connection-check={check?.state ?? "none"} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <TextLink to="/bitrix24-test">{m.title}</TextLink>
      {check ? (
        <>
          <Badge tone={tones[check.state]}>{m.verdicts[check.state]}</Badge>
          <DateTime value={check.checkedAt} />
        </>
      ) : (
        m.notMade
      )}
    </p>
  );
}
