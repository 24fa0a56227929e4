import { useChangeToast } from "~/features/toasts/change-toast";
import { toastTexts } from "~/features/toasts/texts";
import type { Undoing } from "~/features/toasts/toast-store";
import { useTexts } from "~/i18n/locale";
import type { ListAnswer } from "./consent-request.server";

/** Tells that a change of consents was saved, and offers to undo it. True once it was undone there. */
export function useConsentsToast(change: number | null): boolean {
  const { consents: text } = useTexts(toastTexts);
  return useChangeToast({ history: "consents", change, text, action: "/admin/settings/consents", read: readUndoing });
}

function readUndoing(answer: unknown): Undoing {
  const { outcome } = answer as ListAnswer;
  if (outcome === "full" || outcome === "named") return outcome;
  return outcome === "conflict" ? "changed" : "undone";
}
