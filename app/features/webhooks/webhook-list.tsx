import { Badge } from "~/components/ui/badge";
import { Button, ButtonLink } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { denseButton, denseCell, denseEntries, denseHead, denseName, denseRow } from "~/components/ui/dense-list";
import { PostForm } from "~/components/ui/post-form";
import { ActorName } from "~/features/users/actor-name";
import { webhooksTexts } from "~/features/webhooks/texts";
import { useTexts } from "~/i18n/locale";
import type { WebhookView } from "~server/webhooks/webhooks";

const columns = "lg:grid-cols-[minmax(0,5fr)_minmax(0,3fr)_minmax(0,4fr)_minmax(0,3fr)_17.5rem]";

/** Every webhook with what waits for it, and what can be done to it. */
export function WebhookList({ webhooks, names }: { webhooks: WebhookView[]; names: Record<string, string> }) {
  const m = useTexts(webhooksTexts);
  return (
    <>
      <div aria-hidden="true" className={`${denseHead} ${columns}`}>
        {[m.url, m.state, m.events, m.createdBy].map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <ul aria-label={m.list} className={denseEntries}>
        {webhooks.map((webhook) => (
          <Webhook key={webhook.id} webhook={webhook} names={names} />
        ))}
      </ul>
    </>
  );
}

function Webhook({
  webhook: { id, url, events, createdAt, createdById, disabledAt, waiting, failed },
  names,
}: {
  webhook: WebhookView;
  names: Record<string, string>;
}) {
  const m = useTexts(webhooksTexts);
  const button = { look: "secondary", size: "sm", className: denseButton } as const;
  return (
    <li className={`${denseRow} ${columns}`}>
      <p className="min-w-0 font-medium wrap-anywhere" translate="no">
        {url}
      </p>
      <p className={`${denseCell} flex flex-wrap items-baseline gap-x-2`}>
        <Badge tone={disabledAt ? "plain" : "good"} look="line">
          {disabledAt ? m.states.off : m.states.on}
        </Badge>
        {waiting > 0 ? <span>{m.waiting(waiting)}</span> : null}
        {failed > 0 ? <span>{m.failed(failed)}</span> : null}
      </p>
      <p className={denseCell}>
        <span className={denseName}>{m.events}: </span>
        {events.map((event) => m.eventShort[event] ?? event).join(", ")}
      </p>
      <p className={denseCell}>
        <span className={denseName}>{m.createdBy}: </span>
        <ActorName actor={{ kind: "USER", id: createdById }} names={names} />,{" "}
        <DateTime value={createdAt} dateOnly short />
      </p>
      <PostForm
        action="/admin/webhooks"
        className="flex flex-wrap gap-x-3 gap-y-2 max-lg:pt-1 lg:justify-end lg:gap-x-2 lg:gap-y-1"
      >
        {disabledAt ? null : (
          <Button type="submit" {...button} name="test" value={id} aria-label={m.testOf(url)}>
            {m.test}
          </Button>
        )}
        {disabledAt ? (
          <Button type="submit" {...button} name="on" value={id} aria-label={m.switchOnOf(url)}>
            {m.switchOn}
          </Button>
        ) : (
          <Button type="submit" {...button} name="off" value={id} aria-label={m.switchOffOf(url)}>
            {m.switchOff}
          </Button>
        )}
        <ButtonLink to={`?remove=${id}`} {...button} aria-label={m.removeOf(url)}>
          {m.remove}
        </ButtonLink>
      </PostForm>
    </li>
  );
}
