import { SiteLogo } from "~/components/layout/site-logo";
import { settingText } from "~/features/settings/setting-text";
import { settingsTexts } from "~/features/settings/texts";
import { useLocale, useTexts } from "~/i18n/locale";
import { logoOf } from "~server/platform/logo";
import { type SettingKey, setting } from "~server/settings/definitions";

/** What a setting is set to: a picture as one, all else in words. `text` as it is stored; null is the default. */
export function SettingValue({ name, text }: { name: SettingKey; text: string | null }) {
  const locale = useLocale();
  const m = useTexts(settingsTexts);
  const { input, label } = setting(name);
  const logo = input === "picture" ? logoOf(text) : null;
  if (!logo) return <span className="whitespace-pre-line">{settingText(name, text, locale) || m.empty}</span>;
  const { width, height } = logo;
  return (
    <span className="inline-flex flex-wrap items-center gap-2 align-middle">
      <SiteLogo logo={logo} name={label[locale]} /> {width} × {height}
    </span>
  );
}
