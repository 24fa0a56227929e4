import { useChangeToast } from "~/features/toasts/change-toast";
import { toastTexts } from "~/features/toasts/texts";
import type { Undoing } from "~/features/toasts/toast-store";
import { useTexts } from "~/i18n/locale";

/** Tells that a change of a form was saved, and offers to undo it. True once it was undone there. */
export function useFormToast(saved: { form: number; change: number | null }): boolean {
  const { form: text } = useTexts(toastTexts);
  const action = `/admin/settings/forms/${saved.form}`;
  return useChangeToast({ history: "form", change: saved.change, text, action, read: readUndoing });
}

function readUndoing(answer: unknown): Undoing {
  const { undo } = answer as { undo: { outcome: "undone" | "undoRefused" | "undoTaken" | "overtaken" } };
  const read = { undone: "undone", undoRefused: "refused", undoTaken: "taken", overtaken: "changed" } as const;
  return read[undo.outcome];
}
