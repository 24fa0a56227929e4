import { useNavigation } from "@remix-run/react";
import { Badge, type BadgeTone } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { PostForm } from "~/components/ui/post-form";
import { Spinner } from "~/components/ui/spinner";
import { TextLink } from "~/components/ui/text-link";
import { adminUserTexts } from "~/features/users/person-texts";
import { useLocale, useTexts } from "~/i18n/locale";
import type { CrmProgress as Progress } from "~server/crm/call-log";
import { type Failed, reasonOf } from "~server/queue/reasons";
import type { UserView } from "~server/users/users";

const tones: Record<UserView["crmState"], BadgeTone> = { pending: "wait", synced: "good", failed: "bad" };

/** What stops the registration: the pause of the queue first, then its own failure. */
function failureOf({ error, errorField, attempts, pause }: Progress, isSynced: boolean): Failed | null {
  if (pause?.code) return { code: pause.code, field: pause.field, reach: "everybody" };
  if (!error) return null;
  return { code: error, field: errorField, reach: attempts > 0 || isSynced ? "one" : undefined };
}

/** The state of a registration for an administrator: what stopped it, what to do, when it is tried next. */
export function CrmProgress({ state, progress }: { state: UserView["crmState"]; progress: Progress }) {
  const m = useTexts(adminUserTexts).crm;
  const locale = useLocale();
  const { attempts, nextAttemptAt, syncedAt, pause } = progress;
  // A complete registration has a failure only where the portal removed its deals.
  const failed = failureOf(progress, state === "synced");
  const explained = failed && reasonOf(locale, failed);
  const isBusy = useNavigation().formData?.get("intent") === "resend";
  return (
    <div className="grid gap-4">
      <div role="status" data-crm-state={state} className="grid justify-items-start gap-2">
        <Badge tone={tones[state]}>{m[state]}</Badge>
        {pause ? (
          <p>
            {pause.by === "admin" ? m.pausedByAdmin : m.paused} <TextLink to="/admin/crm">{m.queue}</TextLink>
          </p>
        ) : null}
        {explained && failed ? (
          <p>
            {explained.what}{" "}
            <code className="font-mono text-xs wrap-anywhere text-ink-soft" translate="no">
              {failed.code}
            </code>
          </p>
        ) : null}
        {explained ? (
          <p className="text-sm">
            <b className="font-medium">{m.todo}</b> {explained.todo}
          </p>
        ) : null}
        {state !== "synced" && attempts > 0 ? <p className="text-sm text-ink-soft">{m.attempts(attempts)}</p> : null}
        {state === "pending" && !pause ? (
          <p className="text-sm text-ink-soft">
            {m.nextAttempt}: {nextAttemptAt ? <DateTime value={nextAttemptAt} /> : m.soon}
          </p>
        ) : null}
        {state === "synced" && syncedAt ? (
          <p className="text-sm text-ink-soft">
            {m.syncedAt}: <DateTime value={syncedAt} />
          </p>
        ) : null}
      </div>
      {state === "synced" ? null : (
        <PostForm preventScrollReset>
          <Button
            type="submit"
            name="intent"
            value="resend"
            look={state === "failed" ? "primary" : "secondary"}
            size="sm"
            aria-disabled={isBusy}
          >
            {isBusy ? <Spinner label={m.resending} /> : m.resend}
          </Button>
        </PostForm>
      )}
    </div>
  );
}
