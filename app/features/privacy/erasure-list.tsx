import { Badge } from "~/components/ui/badge";
import { DateTime } from "~/components/ui/date-time";
import { TextLink } from "~/components/ui/text-link";
import { rightsTexts } from "~/features/privacy/rights-texts";
import { useTexts } from "~/i18n/locale";
import type { ErasureView } from "~server/privacy/erasures";

/** Erased people by number, and how far the portal has followed. */
export function ErasureList({ erasures }: { erasures: ErasureView[] }) {
  const m = useTexts(rightsTexts);
  return (
    <ul className="divide-y divide-line">
      {erasures.map((erasure) => (
        <li key={erasure.userId} className="grid gap-1 py-3" data-erasure={erasure.state}>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <TextLink to={`/admin/rights/${erasure.userId}`}>{m.person(erasure.userId)}</TextLink>
            <ErasureState erasure={erasure} />
          </p>
          <p className="text-sm text-ink-soft">
            <DateTime value={erasure.requestedAt} />, {m.causes[erasure.cause] ?? erasure.cause},{" "}
            {m.modes[erasure.mode] ?? erasure.mode}
          </p>
        </li>
      ))}
    </ul>
  );
}

export function ErasureState({ erasure: { state, error, counts } }: { erasure: ErasureView }) {
  const m = useTexts(rightsTexts);
  const changed = (counts.deleted ?? 0) + (counts.anonymised ?? 0);
  return (
    <>
      <Badge tone={state === "done" ? "good" : "wait"}>{m.states[state]}</Badge>
      {state === "pending" && error ? <span className="text-sm">{m.error(error)}</span> : null}
      {state === "done" && changed + (counts.left ?? 0) > 0 ? (
        <span className="text-sm text-ink-soft">{m.counts(changed, counts.left ?? 0)}</span>
      ) : null}
      {state === "done" && counts.traces ? <span className="text-sm text-ink-soft">{m.traceLeft}</span> : null}
    </>
  );
}
