import { Alert } from "~/components/ui/alert";
import { settingsTexts } from "~/features/settings/texts";
import { useUndoneOnPage } from "~/features/toasts/change-toast";
import { useLocale, useTexts } from "~/i18n/locale";
import type { UndoAnswer } from "~server/preview/undo";
import { type SettingKey, setting } from "~server/settings/definitions";

/** What became of the attempt to undo a change. */
export function UndoAlert({
  answer,
  change,
}: {
  answer: UndoAnswer | { outcome: "conflict" };
  /** The change that was to be undone. */
  change: number;
}) {
  const locale = useLocale();
  const m = useTexts(settingsTexts);
  useUndoneOnPage("settings", answer.outcome === "undone" ? change : null);
  if (answer.outcome === "undone") return <Alert tone="good">{m.undone}</Alert>;
  if (answer.outcome === "conflict") return <Alert tone="bad">{m.conflict}</Alert>;
  return (
    <Alert tone="bad">
      <p>{m.undoRefused}</p>
      <ul className="mt-2 list-disc pl-5">
        {Object.entries(answer.problems).map(([key, words]) => (
          <li key={key}>
            {setting(key as SettingKey).label[locale]}: {words}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
