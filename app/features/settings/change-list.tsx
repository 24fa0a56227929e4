import { SettingValue } from "~/features/settings/setting-value";
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
          <li key={key} className="wrap-anywhere whitespace-pre-line">
            <span className="font-medium">{setting(key).label[locale]}:</span> <SettingValue name={key} text={to} />{" "}
            <span className="text-sm text-ink-soft">
              ({m.before}: <SettingValue name={key} text={from} />)
            </span>
          </li>
        ) : null,
      )}
    </ul>
  );
}
