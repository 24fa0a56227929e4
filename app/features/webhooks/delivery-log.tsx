import { Badge, type BadgeTone } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { CodeBlock } from "~/components/ui/code-block";
import { DateTime } from "~/components/ui/date-time";
import { PostForm } from "~/components/ui/post-form";
import { TextLink } from "~/components/ui/text-link";
import { webhooksTexts } from "~/features/webhooks/texts";
import { useTexts } from "~/i18n/locale";
import type { DeliveryView } from "~server/webhooks/webhooks";

const tones: Record<string, BadgeTone> = { pending: "wait", delivered: "good", failed: "bad" };

/** The newest messages with the outcome of their last attempt. */
export function DeliveryLog({ deliveries }: { deliveries: DeliveryView[] }) {
  const m = useTexts(webhooksTexts);
  return (
    <ul aria-label={m.log} className="divide-y divide-line">
      {deliveries.map(({ id, url, event, userId, at, state, body, isErased, isOff, ...attempt }) => (
        <li key={id} className="grid gap-2 px-4 py-3 sm:px-5">
          <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-medium">{m.event[event] ?? event}</span>
            <Badge tone={tones[state] ?? "plain"}>{m.delivery[state] ?? state}</Badge>
          </p>
          <p className="text-sm wrap-anywhere text-ink-soft">
            <DateTime value={at} /> · <span translate="no">{url}</span>
            {userId !== null && !isErased ? (
              <>
                {" "}
                · <TextLink to={`/admin/users/${userId}`}>{m.person(userId)}</TextLink>
              </>
            ) : null}
          </p>
          <Attempt isDue={state === "pending" && !isOff} {...attempt} />
          {body === null ? null : (
            <details>
              <summary className="cursor-pointer text-sm text-accent">{m.body}</summary>
              <CodeBlock>{body}</CodeBlock>
            </details>
          )}
          {state === "pending" || isErased || isOff ? null : (
            <PostForm action="/admin/webhooks">
              <Button type="submit" look="secondary" size="sm" name="again" value={id} aria-label={m.againOf(id)}>
                {m.again}
              </Button>
            </PostForm>
          )}
        </li>
      ))}
    </ul>
  );
}

function Attempt({
  isDue,
  attempts,
  status,
  error,
  nextAttemptAt,
}: Pick<DeliveryView, "attempts" | "status" | "error" | "nextAttemptAt"> & { isDue: boolean }) {
  const m = useTexts(webhooksTexts);
  if (attempts === 0 && error === null) return null;
  const said = status !== null ? m.status(status) : error !== null ? (m.errors[error] ?? error) : null;
  return (
    <p className="text-sm text-ink-soft">
      {[m.attempts(attempts), said].filter(Boolean).join(" · ")}
      {isDue ? (
        <>
          {" "}
          · {m.next} <DateTime value={nextAttemptAt} />
        </>
      ) : null}
    </p>
  );
}
