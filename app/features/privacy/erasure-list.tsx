import { Link } from "@remix-run/react";
import { Badge } from "~/components/ui/badge";
import { DateTime } from "~/components/ui/date-time";
import { denseCell, denseLink, denseList, denseRow } from "~/components/ui/dense-list";
import { rightsTexts } from "~/features/privacy/rights-texts";
import { useTexts } from "~/i18n/locale";
import type { ErasureView } from "~server/privacy/erasures";

/** Erased people by number, and how far the portal has followed. */
export function ErasureList({ erasures }: { erasures: ErasureView[] }) {
  const m = useTexts(rightsTexts);
  return (
    <ul className={denseList}>
      {erasures.map((erasure) => (
        <li
          key={erasure.userId}
          className={`${denseRow} lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]`}
          data-erasure={erasure.state}
        >
          <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
            <Link to={`/admin/rights/${erasure.userId}`} className={denseLink}>
              {m.person(erasure.userId)}
            </Link>
            <ErasureState erasure={erasure} look="line" />
          </p>
          <p className={`${denseCell} lg:text-right`}>
            <DateTime value={erasure.requestedAt} />, {m.causes[erasure.cause] ?? erasure.cause},{" "}
            {m.modes[erasure.mode] ?? erasure.mode}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** `line`: in the lines of a dense list. */
export function ErasureState({
  erasure: { state, error, counts },
  look = "pill",
}: {
  erasure: ErasureView;
  look?: "pill" | "line";
}) {
  const m = useTexts(rightsTexts);
  const words = look === "line" ? "text-sm lg:text-xs" : "text-sm";
  const changed = (counts.deleted ?? 0) + (counts.anonymised ?? 0);
  return (
    <>
      <Badge tone={state === "done" ? "good" : "wait"} look={look}>
        {m.states[state]}
      </Badge>
      {state === "pending" && error ? <span className={words}>{m.error(error)}</span> : null}
      {state === "done" && changed + (counts.left ?? 0) > 0 ? (
        <span className={`${words} text-ink-soft`}>{m.counts(changed, counts.left ?? 0)}</span>
      ) : null}
      {state === "done" && counts.traces ? <span className={`${words} text-ink-soft`}>{m.traceLeft}</span> : null}
    </>
  );
}
