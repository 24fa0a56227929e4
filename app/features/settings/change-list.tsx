import { settingText } from "~/features/settings/setting-field";
import { settingsTexts } from "~/features/settings/texts";
import { useLocale, useTexts } from "~/i18n/locale";
import type { Changes } from "~server/settings/change";
import { isSettingKey, setting } from "~server/settings/definitions";

/** Settings with what they were and what they become. */
export function ChangeList({ changes }: { changes: Changes }) {
  const locale = useLocale();
  const m = useTexts(settingsTexts);
  return (
    <ul className="grid gap-1">
      {Object.entries(changes).map(([key, { from, to }]) =>
        isSettingKey(key) ? (
          <li key={key} className="wrap-anywhere">
            <span className="font-medium">{setting(key).label[locale]}:</span> {settingText(key, to, locale) || m.empty}{" "}
            <span className="text-sm text-ink-soft">
              ({m.before}: {settingText(key, from, locale) || m.empty})
            </span>
          </li>
        ) : null,
      )}
    </ul>
  );
}
