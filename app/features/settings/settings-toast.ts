import { useChangeToast } from "~/features/toasts/change-toast";
import { toastTexts } from "~/features/toasts/texts";
import type { Undoing } from "~/features/toasts/toast-store";
import { useTexts } from "~/i18n/locale";

/** Tells that a change of settings was saved, and offers to undo it. True once it was undone there. */
export function useSettingsToast(change: number | null): boolean {
  const { settings: text } = useTexts(toastTexts);
  return useChangeToast({ history: "settings", change, text, action: "/admin/settings", read: readUndoing });
}

function readUndoing(answer: unknown): Undoing {
  const { outcome } = answer as { outcome: "undone" | "refused" | "conflict" };
  return outcome === "conflict" ? "changed" : outcome;
}
