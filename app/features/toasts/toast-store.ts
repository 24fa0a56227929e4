import { useSyncExternalStore } from "react";

/** What became of an attempt to undo; a number: so many parts are left, and can be undone by another attempt. */
export type Undoing = "undone" | "changed" | "refused" | "full" | "named" | "taken" | "failed" | number;

export interface Toast {
  /** Names what was done: it is told once, however often the page is rendered. */
  key: string;
  text: string;
  undo: {
    /** The form that takes it back: the same that the page itself has. */
    action: string;
    fields: Record<string, string>;
    /** Reads the answer of that form's action. */
    read: (answer: unknown) => Undoing;
  };
}

/** Only in memory: a toast may name a person. Used by effects alone, so that the server, which all visitors share, has none. */
let shown: Toast | null = null;
const told = new Set<string>();
const undone = new Set<string>();
const listeners = new Set<() => void>();

function change(toast: Toast | null): void {
  shown = toast;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Tells what was done, in place of what was told before. */
export function showToast(toast: Toast): void {
  if (told.has(toast.key)) return;
  told.add(toast.key);
  change(toast);
}

/** For what the page itself has taken back, and for a toast that is read. */
export function dismissToast(key: string): void {
  if (shown?.key === key) change(null);
}

/** For a page that an earlier message of this kind could take back itself, with what is typed there. */
export function dismissToastsOf(kind: string): void {
  if (shown?.key.startsWith(`${kind}-`)) change(null);
}

/** Pages that still say that it was done say then that it was undone. */
export function markUndone(key: string): void {
  if (undone.has(key)) return;
  undone.add(key);
  change(shown);
}

export const useToast = (): Toast | null =>
  useSyncExternalStore(
    subscribe,
    () => shown,
    () => null,
  );

/** Whether a toast's button has taken it back. */
export const useIsUndone = (key: string | null): boolean =>
  useSyncExternalStore(
    subscribe,
    () => key !== null && undone.has(key),
    () => false,
  );
