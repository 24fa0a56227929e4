import { Alert } from "~/components/ui/alert";
import { settingsTexts } from "~/features/settings/texts";
import { useTexts } from "~/i18n/locale";
import type { SettingsAnswer } from "./settings-form.server";

/** What became of the posted form. */
export function SettingsAlert({
  answer: { outcome, changes },
}: {
  answer: Pick<SettingsAnswer, "outcome" | "changes">;
}) {
  const m = useTexts(settingsTexts);
  if (outcome === "review") return <Alert tone="wait">{m.review}</Alert>;
  if (outcome === "saved") return <Alert tone="good">{m.saved(Object.keys(changes).length)}</Alert>;
  if (outcome === "same") return <Alert tone="wait">{m.same}</Alert>;
  return <Alert tone="bad">{outcome === "conflict" ? m.conflict : m.refused}</Alert>;
}
