import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { denseCell, denseList, denseRow } from "~/components/ui/dense-list";
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
        <ul aria-label={m.list} className={denseList}>
          {people.map(({ id, name, email, phone, source, createdAt }) => (
            <li
              key={id}
              className={`${denseRow} grid-cols-[auto_minmax(0,1fr)] lg:grid-cols-[1.5rem_minmax(0,3fr)_minmax(0,6fr)_13.5rem]`}
            >
              {/* "All" means the registrations on the page, not those that came since. */}
              <input type="hidden" name="shown" value={id} />
              <label className="grid size-11 cursor-pointer place-items-center max-lg:row-span-3 lg:size-6 lg:self-start">
                <input
                  type="checkbox"
                  name="id"
                  value={id}
                  aria-label={m.select(name)}
                  className="size-6 cursor-pointer accent-accent lg:size-4"
                />
              </label>
              <p className="min-w-0 font-medium wrap-anywhere">{name}</p>
              <p className={denseCell}>
                {email} · {phone} · {source ?? m.noSource}
              </p>
              <p className={`${denseCell} lg:text-right`}>
                <DateTime value={createdAt} />
              </p>
            </li>
          ))}
        </ul>
      </Card>
    </PostForm>
  );
}
