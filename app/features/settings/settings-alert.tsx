import { Alert } from "~/components/ui/alert";
import { AsStored } from "~/features/settings/as-stored";
import { settingsTexts } from "~/features/settings/texts";
import { SavedAlert } from "~/features/toasts/saved-alert";
import { useTexts } from "~/i18n/locale";
import { namedReceiver } from "~server/settings/receivers";
import type { SettingsAnswer } from "./settings-form.server";
import { useSettingsToast } from "./settings-toast";

/** What became of the posted form. */
export function SettingsAlert({
  answer: { outcome, changes, change },
}: {
  answer: Pick<SettingsAnswer, "outcome" | "changes" | "change">;
}) {
  const m = useTexts(settingsTexts);
  // Where it asks for the password, taking back would put the page for that in this page's place, and what is typed there by then
  // would be gone. The history has the button.
  const told = outcome === "saved" && !namedReceiver(changes) ? (change ?? null) : null;
  const isUndone = useSettingsToast(told);
  if (outcome === "saved")
    return (
      <SavedAlert isTold={told !== null} undoneBy={isUndone ? "toast" : null} undone={m.undone}>
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
