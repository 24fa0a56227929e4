import { Badge, type BadgeTone } from "~/components/ui/badge";
import { DateTime } from "~/components/ui/date-time";
import { TextLink } from "~/components/ui/text-link";
import { useTexts } from "~/i18n/locale";
import type { PreflightVerdict } from "~server/connection-check/kept-preflight";
import { queueTexts } from "./texts";

const tones: Record<PreflightVerdict["state"], BadgeTone> = { ok: "good", warn: "wait", fail: "bad" };

/** How the last connection check ended, and when it was made. */
export function PreflightAge({ preflight }: { preflight: PreflightVerdict | null }) {
  const m = useTexts(queueTexts);
  return (
    <p data-preflight={preflight?.state ?? "none"} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <TextLink to="/bitrix24-test">{m.preflight}</TextLink>
      {preflight ? (
        <>
          <Badge tone={tones[preflight.state]}>{m.verdicts[preflight.state]}</Badge>
          <DateTime value={preflight.checkedAt} />
        </>
      ) : (
        m.unchecked
      )}
    </p>
  );
}
