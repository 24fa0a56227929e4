import { useRef, useState } from "react";
import { AskFirst } from "~/components/ui/ask-first";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { denseCell, denseList, denseRow } from "~/components/ui/dense-list";
import { PostForm } from "~/components/ui/post-form";
import { reviewTexts } from "~/features/sign-ups/texts";
import { useOnChange } from "~/hooks/use-on-change";
import { useTexts } from "~/i18n/locale";
import type { HeldView } from "~server/sign-ups/review";

interface Props {
  people: HeldView[];
  /** What was decided last, if anything. */
  decided: unknown;
}

/** Held registrations with a box each, and what becomes of those that are ticked, or of all. */
export function HeldList({ people, decided }: Props) {
  const m = useTexts(reviewTexts);
  const form = useRef<HTMLFormElement>(null);
  const question = useRef<HTMLDetailsElement>(null);
  // Null before a script has counted.
  const [ticked, setTicked] = useState<number | null>(null);
  const count = () => {
    if (!form.current) return;
    const sent = new FormData(form.current);
    setTicked(sent.getAll(sent.has("all") ? "shown" : "id").length);
  };
  // A box that is still ticked would mean others now: those that have moved up.
  useOnChange(decided, () => {
    if (decided === null) return;
    form.current?.reset();
    if (question.current) question.current.open = false;
  });
  useOnChange(people, count);
  return (
    <PostForm action="/admin/review" className="grid gap-4" formRef={form} onChange={count}>
      {/* The Enter key presses the first button of a form, here none: on a box it must not decide on people. */}
      <button type="submit" disabled hidden />
      <p className="text-ink-soft">{m.consequence}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" name="intent" value="release">
          {m.release}
        </Button>
        <AskFirst detailsRef={question} label={m.discard} onToggle={count} className="open:basis-full">
          <div className="grid justify-items-start gap-3">
            <p>{ticked === 0 ? m.nobody : ticked ? m.discardAsk(ticked) : m.discardAskSelected(people.length)}</p>
            {ticked === 0 ? null : (
              <Button type="submit" name="intent" value="discard" look="secondary">
                {ticked ? m.discardNow(ticked) : m.discardSelected}
              </Button>
            )}
          </div>
        </AskFirst>
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
