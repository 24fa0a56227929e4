import type { consentsTexts } from "~/features/consents/texts";
import type { settingsTexts } from "~/features/settings/texts";
import { type SettingGroup, settingGroups } from "~server/settings/definitions";

export type SettingsPlace = SettingGroup | "overview" | "consents" | "forms";

/** The pages of settings, in the order of their tabs. */
export function settingsPages(
  m: (typeof settingsTexts)["en"],
  consents: (typeof consentsTexts)["en"],
): { place: SettingsPlace; to: string; label: string }[] {
  return [
    { place: "overview", to: "/admin/settings", label: m.overview },
    { place: "forms", to: "/admin/settings/forms", label: m.forms },
    ...settingGroups.map((group) => ({
      place: group,
      to: `/admin/settings/${group}`,
      label: m.groups[group].short ?? m.groups[group].title,
    })),
    { place: "consents", to: "/admin/settings/consents", label: consents.title },
  ];
}
