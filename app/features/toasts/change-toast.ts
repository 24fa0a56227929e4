import { useEffect } from "react";
import { dismissToast, dismissToastsOf, showToast, type Undoing, useIsUndone } from "~/features/toasts/toast-store";

/** What has a history whose changes can be undone. */
type History = "settings" | "form" | "consents";

interface Saved {
  history: History;
  /** The saved change; null: there is none, or it is no news. */
  change: number | null;
  text: string;
  /** The page that takes a change of that history back. */
  action: string;
  /** Reads the answer of that page. */
  read: (answer: unknown) => Undoing;
}

const keyOf = (history: History, change: number): string => `${history}-${change}`;

/** Tells that a change was saved, with the undoing that its history has too. True once it was undone there. */
export function useChangeToast({ history, change, text, action, read }: Saved): boolean {
  useEffect(() => {
    if (change === null) return;
    showToast({ key: keyOf(history, change), text, undo: { action, fields: { undo: String(change) }, read } });
  }, [history, change, text, action, read]);
  return useIsUndone(change === null ? null : keyOf(history, change));
}

/** Takes the message of a change away that the page itself has undone. */
export function useUndoneOnPage(history: History, change: number | null): void {
  useEffect(() => {
    if (change !== null) dismissToast(keyOf(history, change));
  }, [history, change]);
}

/**
 * Takes a message of before away when a page is opened on something that its button could take back: the page would be
 * gone, with what is typed there. The history has the same button.
 *
 * @param opened names what the page is about; null once the page itself has saved it, whose message stays, or where there
 * is nothing yet
 */
export function useNoEarlierToast(history: History, opened: string | null): void {
  useEffect(() => {
    if (opened !== null) dismissToastsOf(history);
  }, [history, opened]);
}
