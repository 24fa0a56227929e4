import { Alert } from "~/components/ui/alert";
import { AsStored } from "~/features/settings/as-stored";
import { settingsTexts } from "~/features/settings/texts";
import { SavedAlert } from "~/features/toasts/saved-alert";
import { useTexts } from "~/i18n/locale";
import type { SettingsAnswer } from "./settings-form.server";
import { useSettingsToast } from "./settings-toast";

/** What became of the posted form. */
export function SettingsAlert({
  answer: { outcome, changes, change },
}: {
  answer: Pick<SettingsAnswer, "outcome" | "changes" | "change">;
}) {
  const m = useTexts(settingsTexts);
  const isUndone = useSettingsToast(outcome === "saved" ? (change ?? null) : null);
  if (outcome === "saved")
    return (
      <SavedAlert isTold={typeof change === "number"} undoneBy={isUndone ? "toast" : null} undone={m.undone}>
        {m.saved(Object.keys(changes).length)}
      </SavedAlert>
    );
  if (outcome === "review") return <Alert tone="wait">{m.review}</Alert>;
  if (outcome === "same") return <Alert tone="wait">{m.same}</Alert>;
  if (outcome === "refused") return <Alert tone="bad">{m.refused}</Alert>;
  return (
    <Alert tone="bad">
      {m.conflict} <AsStored />
    </Alert>
  );
}
