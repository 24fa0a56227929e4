import { Badge } from "~/components/ui/badge";
import { Button, ButtonLink } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { PostForm } from "~/components/ui/post-form";
import { ActorName } from "~/features/users/actor-name";
import { webhooksTexts } from "~/features/webhooks/texts";
import { useTexts } from "~/i18n/locale";
import type { WebhookView } from "~server/webhooks/webhooks";

/** Every webhook with what waits for it, and what can be done to it. */
export function WebhookList({ webhooks, names }: { webhooks: WebhookView[]; names: Record<string, string> }) {
  const m = useTexts(webhooksTexts);
  return (
    <ul aria-label={m.list} className="divide-y divide-line">
      {webhooks.map(({ id, url, events, createdAt, createdById, disabledAt, waiting, failed }) => (
        <li key={id} className="grid gap-2 px-4 py-3 sm:px-5">
          <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 font-medium">
            <span className="min-w-0 wrap-anywhere" translate="no">
              {url}
            </span>
            <Badge tone={disabledAt ? "plain" : "good"}>{disabledAt ? m.states.off : m.states.on}</Badge>
          </p>
          <p className="text-sm text-ink-soft">{events.map((event) => m.event[event] ?? event).join(" · ")}</p>
          <p className="text-sm text-ink-soft">
            <DateTime value={createdAt} dateOnly /> · {m.createdBy}{" "}
            <ActorName actor={{ kind: "USER", id: createdById }} names={names} />
            {waiting > 0 ? ` · ${m.waiting(waiting)}` : ""}
            {failed > 0 ? ` · ${m.failed(failed)}` : ""}
          </p>
          <PostForm action="/admin/webhooks" className="flex flex-wrap gap-3">
            {disabledAt ? null : (
              <Button type="submit" look="secondary" size="sm" name="test" value={id} aria-label={m.testOf(url)}>
                {m.test}
              </Button>
            )}
            {disabledAt ? (
              <Button type="submit" look="secondary" size="sm" name="on" value={id} aria-label={m.switchOnOf(url)}>
                {m.switchOn}
              </Button>
            ) : (
              <Button type="submit" look="secondary" size="sm" name="off" value={id} aria-label={m.switchOffOf(url)}>
                {m.switchOff}
              </Button>
            )}
            <ButtonLink to={`?remove=${id}`} look="secondary" size="sm" aria-label={m.removeOf(url)}>
              {m.remove}
            </ButtonLink>
          </PostForm>
        </li>
      ))}
    </ul>
  );
}
