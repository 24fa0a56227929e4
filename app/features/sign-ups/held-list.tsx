import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { PostForm } from "~/components/ui/post-form";
import { reviewTexts } from "~/features/sign-ups/texts";
import { useTexts } from "~/i18n/locale";
import type { HeldView } from "~server/sign-ups/review";

/** Held registrations with a box each, and what becomes of those that are ticked, or of all. */
export function HeldList({ people }: { people: HeldView[] }) {
  const m = useTexts(reviewTexts);
  return (
    <PostForm action="/admin/review" className="grid gap-4">
      <p className="text-ink-soft">{m.consequence}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" name="intent" value="release">
          {m.release}
        </Button>
        <Button type="submit" name="intent" value="discard" look="secondary">
          {m.discard}
        </Button>
        <label className="flex min-h-11 cursor-pointer items-center gap-3 text-sm">
          <input type="checkbox" name="all" value="on" className="size-6 accent-accent" />
          {m.all}
        </label>
      </div>
      <Card>
        <ul aria-label={m.list} className="divide-y divide-line">
          {people.map(({ id, name, email, phone, source, createdAt }) => (
            <li key={id} className="flex items-start gap-3 px-4 py-3 sm:px-5">
              {/* "All" means the registrations on the page, not those that came since. */}
              <input type="hidden" name="shown" value={id} />
              <input
                type="checkbox"
                name="id"
                value={id}
                aria-label={m.select(name)}
                className="mt-0.5 size-6 shrink-0 accent-accent"
              />
              <div className="grid min-w-0 gap-1">
                <p className="font-medium wrap-anywhere">{name}</p>
                <p className="text-sm wrap-anywhere text-ink-soft">
                  {email} · {phone} · {source ?? m.noSource}
                </p>
                <p className="text-sm text-ink-soft">
                  <DateTime value={createdAt} />
                </p>
              </div>
            </li>
          ))}
        </ul>
      </Card>
    </PostForm>
  );
}
