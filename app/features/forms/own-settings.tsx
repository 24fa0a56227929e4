import { CheckboxField } from "~/components/ui/field";
import { formsTexts } from "~/features/forms/texts";
import type { Inputs } from "~/features/forms/typed";
import type { Options } from "~/features/settings/choices.server";
import { SettingField } from "~/features/settings/setting-field";
import { useLocale, useTexts } from "~/i18n/locale";
import type { FormSettingKey, FormSettings } from "~server/forms/definition";
import { inputOf } from "~server/forms/draft-inputs";
import { setting } from "~server/settings/definitions";

/** The settings that a form may have of its own: a box that says so, and the setting as on the site's page. */
export function OwnSettings({
  keys,
  own,
  texts,
  options,
  sources,
  inputs,
}: {
  keys: readonly FormSettingKey[];
  own: FormSettings;
  /** What applies now, by the site's settings and by the form's own. */
  texts: Record<string, string>;
  options: Options;
  /** What its field map may send beside what every installation has. */
  sources: string[];
  inputs: Inputs;
}) {
  const m = useTexts(formsTexts);
  const locale = useLocale();
  return (
    <>
      {keys.map((key) => (
        <div key={key} className="grid gap-1 rounded-md border border-line p-3 sm:p-4">
          <CheckboxField
            label={m.own(setting(key).label[locale])}
            name={inputOf("own", key)}
            defaultChecked={inputs.ticked(inputOf("own", key), own[key] !== undefined)}
            said={inputs.said(inputOf("own", key))}
          />
          <SettingField
            view={{ key, locked: false, text: inputs.text(key, texts[key] ?? "") }}
            options={options[key]}
            sources={sources}
            said={inputs.said(key)}
          />
          {key === "funnel" ? <p className="text-xs text-ink-soft">{m.paidElsewhere}</p> : null}
        </div>
      ))}
    </>
  );
}
