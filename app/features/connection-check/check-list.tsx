import { Badge, type BadgeTone } from "~/components/ui/badge";
import { ErrorCode } from "~/components/ui/error-code";
import { checkTexts } from "~/features/connection-check/check-texts";
import { useLocale, useTexts } from "~/i18n/locale";
import type { Check } from "~server/connection-check/check";
import { troubleOf } from "~server/connection-check/check-trouble";

const tones: Record<Check["state"], BadgeTone> = { ok: "good", warn: "wait", fail: "bad", skip: "plain" };

/** The checklist: each line says whether it is fulfilled, and if not, what to do. */
export function CheckList({ checks }: { checks: Check[] }) {
  const m = useTexts(checkTexts);
  // Without access nothing else can be asked, whatever is set.
  const refused = checks.some(({ id, state }) => id === "credentials" && state === "fail");
  return (
    <ul className="divide-y divide-line">
      {checks.map((check) => (
        <li
          key={check.id}
          data-check={check.id}
          data-state={check.state}
          className="grid items-start gap-x-6 gap-y-1 py-3 sm:grid-cols-[12rem_1fr]"
        >
          <div className="grid justify-items-start gap-1">
            <h3 className="font-medium">{m.checks[check.id].title}</h3>
            <Badge tone={tones[check.state]}>
              {refused && check.state === "skip" ? m.notAsked : m.states[check.state]}
            </Badge>
          </div>
          {refused && check.state === "skip" ? null : <Trouble check={check} />}
        </li>
      ))}
    </ul>
  );
}

function Trouble({ check }: { check: Check }) {
  const { id, state, facts } = check;
  const m = useTexts(checkTexts);
  const locale = useLocale();
  const words = m.checks[id];
  if (state === "ok") return <p className="min-w-0">{words.ok(facts)}</p>;
  if (state === "skip") return <p className="min-w-0 text-ink-soft">{words.skip}</p>;
  const { what, todo, code } = troubleOf(m, locale, check);
  return (
    <div className="grid min-w-0 gap-1 wrap-anywhere">
      <p>
        {what} {code ? <ErrorCode>{code}</ErrorCode> : null}
      </p>
      <p className="text-sm">
        <b className="font-medium">{m.todo}</b> {todo}
      </p>
    </div>
  );
}
