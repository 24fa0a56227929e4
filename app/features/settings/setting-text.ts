import { rowsOf } from "~/features/settings/map-rows";
import { sourceLabel, sourceQuotes } from "~/features/settings/source-texts";
import { settingsTexts } from "~/features/settings/texts";
import { setting } from "~server/settings/definitions";
import type { SettingView } from "~server/settings/view";

/** A stored text as people read it; null is the default. */
export function settingText(key: string, text: string | null, locale: "en" | "ru"): string {
  const { choices, usual, input } = setting(key as SettingView["key"]);
  const shown = text ?? usual ?? "";
  // The stored text is encrypted, and no page shows a secret again.
  if (input === "secret") return shown === "" ? "" : settingsTexts[locale].secretSet;
  if (input === "map")
    return rowsOf(shown)
      .map(({ source, constant, target }) => {
        const text = constant && sourceQuotes[locale](constant);
        const label = sourceLabel(locale, source);
        return `${source === "text" ? text : [label, text].filter(Boolean).join(" / ")} → ${target}`;
      })
      .join("; ");
  return choices?.[shown]?.[locale] ?? shown;
}
