import { Alert } from "~/components/ui/alert";
import type { ConflictResult, DecisionProblem } from "~/features/conflicts/actions.server";
import { conflictsTexts } from "~/features/conflicts/texts";
import { ActorName } from "~/features/users/actor-name";
import { problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { isLost } from "~/page/lost-answer";
import { reasonOf } from "~server/queue/reasons";

/** The result of the last decision, or of a request for reconciliation. */
export function ConflictOutcome({ result }: { result: ConflictResult | undefined }) {
  const m = useTexts(conflictsTexts);
  const locale = useLocale();
  if (isLost(result)) return <Alert tone="bad">{problemText(locale, "lost")}</Alert>;
  if (!result) return null;
  if ("reconciliation" in result) return <Alert tone="good">{m.reconciliation[result.reconciliation]}</Alert>;
  if ("decided" in result) return <Alert tone="good">{result.waits ? m.waits : m.decided[result.decided]}</Alert>;
  return (
    <Alert tone="bad">
      <Problem problem={result.problem} />
    </Alert>
  );
}

function Problem({ problem }: { problem: DecisionProblem }) {
  const m = useTexts(conflictsTexts).problem;
  const locale = useLocale();
  switch (problem.code) {
    case "taken":
      return (
        <>
          {m.taken} <ActorName actor={problem.by} names={problem.names} />
        </>
      );
    case "portal":
      return (
        <>
          {m.portal} {reasonOf(locale, { code: problem.portalCode }).what} {m.again}
        </>
      );
    default:
      return <>{m[problem.code]}</>;
  }
}
