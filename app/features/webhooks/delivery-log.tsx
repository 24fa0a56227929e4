import { Badge, type BadgeTone } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { CodeBlock } from "~/components/ui/code-block";
import { DateTime } from "~/components/ui/date-time";
import { denseButton, denseCell, denseList, denseRow } from "~/components/ui/dense-list";
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
    <ul aria-label={m.log} className={denseList}>
      {deliveries.map(({ id, url, event, userId, at, state, body, isErased, isOff, ...attempt }) => (
        <li key={id} className={`${denseRow} gap-y-2 lg:flex lg:flex-wrap lg:gap-y-0`}>
          <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-medium">{m.event[event] ?? event}</span>
            <Badge tone={tones[state] ?? "plain"} look="line">
              {m.delivery[state] ?? state}
            </Badge>
          </p>
          <p className={denseCell}>
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
            <details className="min-w-0 open:w-full">
              <summary className="cursor-pointer text-sm text-accent lg:min-h-6 lg:text-xs lg:leading-6">
                {m.body}
              </summary>
              <CodeBlock>{body}</CodeBlock>
            </details>
          )}
          {state === "pending" || isErased || isOff ? null : (
            <PostForm action="/admin/webhooks" className="lg:ml-auto">
              <Button
                type="submit"
                look="secondary"
                size="sm"
                className={denseButton}
                name="again"
                value={id}
                aria-label={m.againOf(id)}
              >
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
    <p className={denseCell}>
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
