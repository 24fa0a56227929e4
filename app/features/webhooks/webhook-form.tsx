import { Button } from "~/components/ui/button";
import { CheckboxField, Field } from "~/components/ui/field";
import { PostForm } from "~/components/ui/post-form";
import { webhooksTexts } from "~/features/webhooks/texts";
import type { RefusedWebhook } from "~/features/webhooks/webhook-request.server";
import { useTexts } from "~/i18n/locale";
import { webhookEvents } from "~server/webhooks/events";

/** Asks for a new webhook's address and events. */
export function WebhookForm({ refused, seen }: { refused: RefusedWebhook | null; seen: number }) {
  const m = useTexts(webhooksTexts);
  return (
    <PostForm action="/admin/webhooks" className="grid gap-4">
      <h2 className="text-lg font-semibold">{m.make}</h2>
      <input type="hidden" name="seen" value={seen} />
      <Field
        label={m.url}
        hint={m.urlHint}
        name="url"
        type="text"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        required
        defaultValue={refused?.url}
        said={refused?.problem ? m.problems[refused.problem] : undefined}
      />
      <fieldset className="grid gap-1">
        <legend className="text-sm font-medium">{m.events}</legend>
        {webhookEvents.map((event, index) => (
          <CheckboxField
            key={event}
            label={m.event[event] ?? event}
            name="event"
            value={event}
            defaultChecked={refused?.events.includes(event) ?? true}
            problems={refused?.events.length === 0 && index === 0 ? ["required"] : undefined}
          />
        ))}
      </fieldset>
      <p>
        <Button type="submit">{m.submit}</Button>
      </p>
    </PostForm>
  );
}
