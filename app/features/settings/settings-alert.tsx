import { useEffect } from "react";
import { Alert } from "~/components/ui/alert";
import { settingsTexts } from "~/features/settings/texts";
import { toastTexts } from "~/features/toasts/texts";
import { showToast, type Undoing, useIsUndone } from "~/features/toasts/toast-store";
import { useTexts } from "~/i18n/locale";
import type { SettingsAnswer } from "./settings-form.server";

/** Names a saved change of settings among the toasts. */
export const settingsToast = (change: number): string => `settings-${change}`;

/** What became of the posted form. */
export function SettingsAlert({
  answer: { outcome, changes, change },
}: {
  answer: Pick<SettingsAnswer, "outcome" | "changes" | "change">;
}) {
  const m = useTexts(settingsTexts);
  const { settings: text } = useTexts(toastTexts);
  const saved = outcome === "saved" ? (change ?? null) : null;
  const isUndone = useIsUndone(saved === null ? null : settingsToast(saved));
  useEffect(() => {
    if (saved === null) return;
    const undo = { action: "/admin/settings", fields: { undo: String(saved) }, read: readUndoing };
    showToast({ key: settingsToast(saved), text, undo });
  }, [saved, text]);
  if (isUndone) return <Alert tone="good">{m.undone}</Alert>;
  if (outcome === "review") return <Alert tone="wait">{m.review}</Alert>;
  if (outcome === "saved") return <Alert tone="good">{m.saved(Object.keys(changes).length)}</Alert>;
  if (outcome === "same") return <Alert tone="wait">{m.same}</Alert>;
  return <Alert tone="bad">{outcome === "conflict" ? m.conflict : m.refused}</Alert>;
}

function readUndoing(answer: unknown): Undoing {
  const { outcome } = answer as { outcome: "undone" | "refused" | "conflict" };
  return outcome === "conflict" ? "changed" : outcome;
}
