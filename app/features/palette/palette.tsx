import { Link, useLocation } from "@remix-run/react";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from "react";
import { administrationTexts } from "~/features/administration/texts";
import { consentsTexts } from "~/features/consents/texts";
import { settingsPages } from "~/features/settings/settings-pages";
import { settingsTexts } from "~/features/settings/texts";
import { useTexts } from "~/i18n/locale";
import { fullName } from "~server/person/full-name";
import { matchingPages } from "./matching-pages";
import { paletteTexts } from "./texts";
import { useFoundPeople } from "./use-found-people";

export interface PaletteProps {
  onClose: () => void;
}

interface Choice {
  to: string;
  label: string;
  note?: string;
}

/**
 * Finds a person or a page of the administration and goes there: a combobox with a list (WAI-ARIA), in the browser's own
 * dialog. A choice is a link, which Enter clicks: the question about unsaved text, and a new tab by Ctrl, work as in any.
 */
export function Palette({ onClose }: PaletteProps) {
  const m = useTexts(paletteTexts);
  const administration = useTexts(administrationTexts);
  const settings = settingsPages(useTexts(settingsTexts), useTexts(consentsTexts));
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState("");
  const [marked, setMarked] = useState<string | null>(null);
  const { state, people, more } = useFoundPeople(typed);
  const { key } = useLocation();
  const opened = useRef(key);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  // Another page was opened, by the browser's back button for example.
  useEffect(() => {
    if (key !== opened.current) dialog.current?.close();
  }, [key]);

  const sought = typed.trim();
  const pages: Choice[] = matchingPages(typed, administration, settings).map(({ to, label, group }) => ({
    to,
    label,
    note: group,
  }));
  const persons: Choice[] = people.map((person) => ({
    to: `/admin/users/${person.id}`,
    label: fullName(person),
    note: person.email,
  }));
  const all: Choice[] = sought
    ? [{ to: `/admin/users?${new URLSearchParams({ q: sought })}`, label: m.all(sought) }]
    : [];
  const choices = [...pages, ...persons, ...all];
  // Kept by its address: people who are found later must not move the mark from what is about to be chosen. Nor is "Show
  // all" marked while they are sought: the first of them would take the mark from it.
  const first = state === "searching" ? pages[0] : choices[0];
  const current = choices.find(({ to }) => to === marked) ?? first;
  const optionId = (choice: Choice) => `${id}-${choices.indexOf(choice)}`;
  const currentId = current && optionId(current);
  useEffect(() => {
    if (currentId) document.getElementById(currentId)?.scrollIntoView({ block: "nearest" });
  }, [currentId]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || choices.length === 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const from = current ? choices.indexOf(current) : Math.min(-step, 0);
      setMarked(choices.at((from + step) % choices.length)?.to ?? null);
    } else if (event.key === "Enter" && current) document.getElementById(optionId(current))?.click();
    else return;
    event.preventDefault();
  }

  const list = (name: string, choices: Choice[]) =>
    choices.length > 0 ? (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a list to choose from.
      <div role="group" aria-label={name} className="grid gap-0.5">
        <p aria-hidden="true" className="px-3 pt-2 text-xs font-medium text-ink-soft">
          {name}
        </p>
        {choices.map((choice) => (
          <Link
            key={choice.to}
            id={optionId(choice)}
            to={choice.to}
            role="option"
            aria-selected={choice === current}
            tabIndex={-1}
            onClick={() => dialog.current?.close()}
            className="flex min-h-11 flex-wrap items-center justify-between gap-x-3 rounded-md px-3 py-1 text-sm hover:bg-sunken aria-selected:bg-accent-soft aria-selected:text-accent-strong lg:min-h-9"
          >
            <span className="min-w-0 font-medium wrap-anywhere">{choice.label}</span>
            {choice.note ? <span className="min-w-0 text-xs wrap-anywhere">{choice.note}</span> : null}
          </Link>
        ))}
      </div>
    ) : null;

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself.
    <dialog
      ref={dialog}
      aria-label={m.title}
      onClose={onClose}
      onClick={(event: MouseEvent) => {
        // Beside the dialog: its backdrop counts as itself, and what is in it covers it.
        if (event.target === event.currentTarget) dialog.current?.close();
      }}
      className="mx-auto mt-[8dvh] max-h-[84dvh] w-[min(36rem,calc(100%-1.5rem))] overflow-hidden rounded-lg border border-line bg-surface text-ink shadow-card backdrop:bg-ink/40 print:hidden"
    >
      <div className="flex max-h-[84dvh] flex-col">
        <div className="flex items-center gap-2 border-b border-line p-2">
          <input
            type="text"
            role="combobox"
            aria-label={m.input}
            aria-expanded={choices.length > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={currentId}
            placeholder={m.input}
            value={typed}
            onChange={({ currentTarget }) => {
              setTyped(currentTarget.value);
              setMarked(null);
            }}
            onKeyDown={onKeyDown}
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            enterKeyHint="go"
            className="min-h-11 w-full min-w-0 rounded-md bg-surface px-3 text-base placeholder:text-ink-soft"
          />
          <button
            type="button"
            onClick={() => dialog.current?.close()}
            className="min-h-11 shrink-0 cursor-pointer px-3 text-sm text-accent underline underline-offset-4"
          >
            {m.close}
          </button>
        </div>
        <div id={`${id}-list`} role="listbox" aria-label={m.results} className="min-h-0 flex-1 overflow-y-auto p-2">
          {list(m.pages, pages)}
          {list(m.people, [...persons, ...all])}
        </div>
        <p role="status" className="border-t border-line px-5 py-2 text-xs text-ink-soft empty:hidden">
          {state === "searching"
            ? m.searching
            : state === "failed"
              ? m.failed
              : state === "found"
                ? `${m.found(pages.length, persons.length)} ${more ? m.more : ""}`
                : ""}
        </p>
      </div>
    </dialog>
  );
}
