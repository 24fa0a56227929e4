import { Link, useLocation } from "@remix-run/react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { SignOut } from "~/components/layout/sign-out";
import { PaletteButton } from "~/features/palette/palette-button";
import { usePalette } from "~/features/palette/use-palette";
import { Toasts } from "~/features/toasts/toasts";
import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import type { Attention } from "~server/statistics/attention";
import { type Entry, entryOf, groups } from "./entries";
import { MenuCount } from "./menu-count";
import { administrationTexts } from "./texts";

const panelId = "administration-menu";

/**
 * The header of the administration's pages: a column beside the page where there is room, otherwise a line with a button
 * that opens the menu. The browser opens and closes it (a popover), so it works without scripts; Escape closes it, and
 * the focus returns to the button.
 */
export function AdminMenu({ attention, brand }: { attention: Attention | null; brand: ReactNode }) {
  const m = useTexts(administrationTexts);
  const site = useTexts(siteTexts);
  const { key, pathname } = useLocation();
  const panel = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes when a page was chosen in it.
  useEffect(() => panel.current?.hidePopover?.(), [key]);
  const entry = entryOf(pathname);
  const palette = usePalette();
  const total = Object.values(attention ?? {}).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <header className="flex flex-wrap items-center justify-between gap-3 border-b border-line bg-surface px-4 py-1.5 sm:px-6 lg:sticky lg:top-0 lg:h-dvh lg:flex-col lg:flex-nowrap lg:items-stretch lg:justify-start lg:gap-1 lg:overflow-y-auto lg:border-r lg:border-b-0 lg:px-3 lg:py-3 print:hidden">
        <div className="lg:px-2 lg:pb-2">{brand}</div>
        <nav aria-label={site.adminNavigation} className="lg:flex lg:flex-1 lg:flex-col">
          <button
            type="button"
            {...{ popovertarget: panelId }}
            className="inline-flex min-h-11 cursor-pointer items-center gap-2 rounded-md border border-edge px-3 text-sm font-medium lg:hidden"
          >
            <Bars />
            {m.menu}
            {total > 0 ? <MenuCount count={total} words={m.attention} tone="wait" /> : null}
          </button>
          <div
            ref={panel}
            id={panelId}
            {...{ popover: "auto" }}
            className="inset-x-0 top-0 bottom-auto m-0 max-h-dvh w-full max-w-none border-b border-line bg-surface px-4 pt-1.5 pb-6 text-ink shadow-card backdrop:bg-ink/40 sm:px-6 lg:static lg:flex lg:h-auto lg:max-h-none lg:flex-1 lg:flex-col lg:overflow-visible lg:border-0 lg:bg-transparent lg:p-0 lg:shadow-none"
          >
            <p className="flex justify-end lg:hidden">
              <button
                type="button"
                {...{ popovertarget: panelId, popovertargetaction: "hide" }}
                className="min-h-11 cursor-pointer px-2 text-sm text-accent underline underline-offset-4"
              >
                {m.close}
              </button>
            </p>
            <div className="pb-4 lg:pb-3">
              <PaletteButton
                onOpen={() => {
                  panel.current?.hidePopover?.();
                  palette.open();
                }}
              />
            </div>
            <div className="grid grid-cols-[repeat(auto-fit,minmax(min(9rem,100%),1fr))] items-start gap-x-4 gap-y-4 lg:grid-cols-1 lg:gap-y-3">
              {groups.map(({ name, entries }) => (
                <Group key={name} name={m.groups[name]} entries={entries} current={entry} attention={attention} />
              ))}
            </div>
            <div className="mt-4 flex flex-wrap justify-between border-t border-line pt-2 lg:mt-auto">
              <Link
                to="/account"
                className="inline-flex min-h-11 items-center px-2 text-sm text-ink-soft hover:text-ink lg:min-h-9"
              >
                {site.account}
              </Link>
              <SignOut />
            </div>
          </div>
        </nav>
      </header>
      {palette.dialog}
      <Toasts />
    </>
  );
}

function Group({
  name,
  entries,
  current,
  attention,
}: {
  name: string;
  entries: Entry[];
  current: Entry | undefined;
  attention: Attention | null;
}) {
  const m = useTexts(administrationTexts);
  const { pathname } = useLocation();
  const id = useId();
  return (
    <div className="min-w-0">
      <p id={id} className="px-2 pb-1 text-xs font-medium text-ink-soft">
        {name}
      </p>
      <ul aria-labelledby={id}>
        {entries.map((entry) => {
          const { name, to, count } = entry;
          const waiting = (count && attention?.[count]) || 0;
          return (
            <li key={to}>
              <Link
                to={to}
                // Of a page below it, the entry is the place, but not the page.
                aria-current={entry !== current ? undefined : pathname === to ? "page" : "true"}
                className="flex min-h-11 items-center justify-between gap-2 rounded-md px-2 py-1 text-sm hover:bg-sunken aria-[current]:bg-accent-soft aria-[current]:font-semibold aria-[current]:text-accent-strong lg:min-h-8"
              >
                <span className="min-w-0 wrap-anywhere">{m.entries[name]}</span>
                {waiting > 0 ? (
                  <MenuCount
                    count={waiting}
                    words={count === "failed" ? m.failed : m.attention}
                    tone={count === "failed" ? "bad" : "wait"}
                  />
                ) : null}
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Bars() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className="size-5 stroke-current">
      <path strokeWidth="2" strokeLinecap="round" d="M3 5.5h14M3 10h14M3 14.5h14" />
    </svg>
  );
}
