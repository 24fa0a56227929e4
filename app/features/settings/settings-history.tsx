import { ChangeList } from "~/features/settings/change-list";
import { HistoryList } from "~/features/settings/history-list";
import { settingsTexts } from "~/features/settings/texts";
import { useTexts } from "~/i18n/locale";
import type { SettingChangeView } from "~server/settings/change";

/** The newest changes of settings; those of which nothing was changed since can be undone. */
export function SettingsHistory({ changes, names }: { changes: SettingChangeView[]; names: Record<string, string> }) {
  const m = useTexts(settingsTexts);
  return (
    <HistoryList changes={changes} names={names} none={m.none} action="/admin/settings">
      {({ changes: changed }) => <ChangeList changes={changed} />}
    </HistoryList>
  );
}
