import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { PostForm } from "~/components/ui/post-form";
import { AsPerson } from "~/features/account/as-person";
import { deviceName } from "~/features/account/device-name";
import { accountTexts } from "~/features/account/texts";
import { useTexts } from "~/i18n/locale";
import type { SessionView } from "~server/auth/sessions";

/** The devices a person is signed in on, each with a button that ends it. */
export function SessionList({ sessions }: { sessions: SessionView[] }) {
  const m = useTexts(accountTexts).sessions;
  return (
    <>
      <ul className="divide-y divide-line">
        {sessions.map(({ id, userAgent, lastSeenAt, current }) => {
          const device = deviceName(userAgent) ?? m.unknown;
          return (
            <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-3">
              <div className="min-w-0">
                <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  {device}
                  {current ? <Badge tone="good">{m.here}</Badge> : null}
                </p>
                <p className="text-sm text-ink-soft">
                  {m.lastSeen}: <DateTime value={lastSeenAt} />
                </p>
              </div>
              {current ? null : (
                <PostForm>
                  <AsPerson />
                  <Button type="submit" look="secondary" size="sm" name="end" value={id} aria-label={m.endOf(device)}>
                    {m.end}
                  </Button>
                </PostForm>
              )}
            </li>
          );
        })}
      </ul>
      <PostForm className="border-t border-line py-3">
        <AsPerson />
        <Button type="submit" look="secondary" size="sm" name="end" value="all">
          {m.endAll}
        </Button>
      </PostForm>
    </>
  );
}
