import { useEffect } from "react";
import { toastTexts } from "~/features/toasts/texts";
import { showToast, type Undoing, useIsUndone } from "~/features/toasts/toast-store";
import { useTexts } from "~/i18n/locale";

/** Names a saved change of settings among the toasts. */
export const settingsToast = (change: number): string => `settings-${change}`;

/** Tells that a change of settings was saved, with the undoing that its history has too. True once it was undone there. */
export function useSettingsToast(change: number | null): boolean {
  const { settings: text } = useTexts(toastTexts);
  useEffect(() => {
    if (change === null) return;
    const undo = { action: "/admin/settings", fields: { undo: String(change) }, read: readUndoing };
    showToast({ key: settingsToast(change), text, undo });
  }, [change, text]);
  return useIsUndone(change === null ? null : settingsToast(change));
}

function readUndoing(answer: unknown): Undoing {
  const { outcome } = answer as { outcome: "undone" | "refused" | "conflict" };
  return outcome === "conflict" ? "changed" : outcome;
}
