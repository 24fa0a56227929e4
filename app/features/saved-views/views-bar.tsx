import { Link } from "@remix-run/react";
import { type ReactNode, useEffect, useRef } from "react";
import { Alert } from "~/components/ui/alert";
import { closeByEscape } from "~/components/ui/close-by-escape";
import type { RefusedView, ViewsAnswer } from "~/features/saved-views/actions.server";
import type { OpenedViews } from "~/features/saved-views/opened.server";
import { viewsTexts } from "~/features/saved-views/texts";
import { SaveForm, ViewForm } from "~/features/saved-views/view-forms";
import { useOnChange } from "~/hooks/use-on-change";
import { useTexts } from "~/i18n/locale";
import type { ViewList } from "~server/saved-views/saved-views";

interface Props {
  list: ViewList;
  path: string;
  opened: OpenedViews;
  /** The filter that is set, as it would be saved; empty: none. */
  filter: string;
  answer: ViewsAnswer | undefined;
  /** The filters that are set, in the same row. */
  children?: ReactNode;
}

const chip =
  "inline-flex min-h-8 max-w-full items-center gap-1.5 rounded-full border px-3 text-sm lg:min-h-7 border-edge hover:bg-sunken aria-[current]:border-accent aria-[current]:bg-accent aria-[current]:text-accent-on";

/** One row above a list: its saved views, the filters that are set, and the forms with which views are kept. */
export function ViewsBar({ list, path, opened, filter, answer, children }: Props) {
  const m = useTexts(viewsTexts);
  const bar = useRef<HTMLElement>(null);
  const { views, whole, sendTo } = opened;
  const { done = null, refused = null } = answer ?? {};
  const unsaved = refused?.id === null ? refused : null;
  // What was typed is of no use any more, and the button that was pressed may be gone.
  useOnChange(answer, () => {
    if (!answer?.done) return;
    const used = bar.current?.querySelector<HTMLDetailsElement>("details[open]");
    for (const form of bar.current?.querySelectorAll("form") ?? []) form.reset();
    if (used) used.open = false;
    (used?.querySelector("summary") ?? bar.current)?.focus();
  });
  if (views.length === 0 && filter === "" && !done) return null;
  return (
    <section ref={bar} tabIndex={-1} aria-label={m.title} className="grid min-w-0 gap-2 print:hidden">
      {done ? <Alert tone={done === "gone" ? "wait" : "good"}>{m.done[done]}</Alert> : null}
      <div className="relative flex min-w-0 flex-wrap items-center gap-2">
        {views.length > 0 ? (
          <ul aria-label={m.title} className="flex min-w-0 flex-wrap items-center gap-2">
            <li>
              <Link to={whole} aria-current={filter === "" ? "page" : undefined} className={chip}>
                {m.whole[list]}
              </Link>
            </li>
            {views.map((view) => (
              <li key={view.id} className="min-w-0">
                <Link to={path + view.query} aria-current={view.isCurrent ? "page" : undefined} className={chip}>
                  <span className="min-w-0 truncate">{view.name}</span>
                  {view.isShared ? <span className="text-xs"> {m.shared}</span> : null}
                  {view.isDefault ? (
                    <>
                      <span aria-hidden="true">★</span>
                      <span className="sr-only"> {m.isDefault}</span>
                    </>
                  ) : null}
                </Link>
              </li>
            ))}
          </ul>
        ) : null}
        {children}
        {filter ? (
          <Disclosure label={m.save} refused={unsaved}>
            <SaveForm refused={unsaved} />
          </Disclosure>
        ) : null}
        {views.length > 0 ? (
          <Disclosure label={m.manage} refused={unsaved ? null : refused}>
            <ul className="grid gap-6">
              {views.map((view) => (
                <li key={`${view.id} ${view.name} ${view.isShared}`}>
                  <ViewForm view={view} sendTo={sendTo} refused={refused?.id === view.id ? refused : null} />
                </li>
              ))}
            </ul>
          </Disclosure>
        ) : null}
      </div>
    </section>
  );
}

interface DisclosureProps {
  label: string;
  /** Of a form in it: open, with the focus on what is to be mended. */
  refused: RefusedView | null;
  children: ReactNode;
}

/** Opens below its label, over the list where there is room. */
function Disclosure({ label, refused, children }: DisclosureProps) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (!refused || !details.current) return;
    details.current.open = true;
    details.current.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [refused]);
  return (
    <details
      ref={details}
      open={refused !== null || undefined}
      className="max-lg:open:w-full"
      onKeyDown={closeByEscape}
    >
      <summary className="inline-flex min-h-8 cursor-pointer items-center px-1 text-sm text-accent underline underline-offset-4 hover:text-accent-strong lg:min-h-7">
        {label}
      </summary>
      <div className="mt-2 rounded-lg border border-line bg-surface p-4 lg:absolute lg:top-full lg:left-0 lg:z-10 lg:mt-1 lg:max-h-[70vh] lg:w-[30rem] lg:overflow-y-auto lg:shadow-card">
        {children}
      </div>
    </details>
  );
}
