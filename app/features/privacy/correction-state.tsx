import { DateTime } from "~/components/ui/date-time";
import { rightsTexts } from "~/features/privacy/rights-texts";
import { useTexts } from "~/i18n/locale";
import type { CorrectionView } from "~server/corrections/corrections";

/** For administrators: what has become on the portal of the last change of a person's details. */
export function CorrectionState({ correction }: { correction: CorrectionView | null }) {
  const m = useTexts(rightsTexts).correction;
  if (!correction) return null;
  const { state, settledAt, changedAt, waitsFor, error } = correction;
  return (
    <div data-correction={state} className="grid gap-1 border-t border-line pt-4 text-sm">
      <h3 className="font-medium">{m.title}</h3>
      <p>{waitsFor ? m.waits[waitsFor] : m[state]}</p>
      <p className="text-ink-soft">
        <DateTime value={settledAt ?? changedAt} />{" "}
        {error ? (
          <code className="font-mono text-xs wrap-anywhere" translate="no">
            {error}
          </code>
        ) : null}
      </p>
    </div>
  );
}
