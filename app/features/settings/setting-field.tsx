import { ButtonLink } from "~/components/ui/button";
import { CheckboxField, Field } from "~/components/ui/field";
import { SelectField } from "~/components/ui/select-field";
import { TextArea } from "~/components/ui/text-area";
import { removeField } from "~/features/settings/form-fields";
import { MapField } from "~/features/settings/map-field";
import { SettingValue } from "~/features/settings/setting-value";
import { settingsTexts } from "~/features/settings/texts";
import { TickList } from "~/features/settings/tick-list";
import { useLocale, useTexts } from "~/i18n/locale";
import { setting } from "~server/settings/definitions";
import type { SettingView } from "~server/settings/view";
import type { Option } from "./choices.server";

/** One setting of the form: a native input, or the environment's value and the name of its variable. */
export function SettingField({
  view: { key, text, locked, isSet },
  options,
  sources = [],
  isRemoved = false,
  said,
}: {
  view: SettingView;
  /** What the portal offers; without it the value is typed in. */
  options?: Option[] | undefined;
  /** What a map may send beside what every installation has. */
  sources?: string[] | undefined;
  /** Of a secret: whether its removal was asked for. */
  isRemoved?: boolean;
  said?: string | undefined;
}) {
  const locale = useLocale();
  const m = useTexts(settingsTexts);
  const { env, input, choices, max, usual, label, help } = setting(key);
  if (locked)
    return (
      <div className="grid gap-1.5">
        <p className="text-sm font-medium">{label[locale]}</p>
        <p className="min-h-11 rounded-md bg-sunken px-3 py-2 wrap-anywhere">
          {input === "secret" ? m.secretSet : <SettingValue name={key} text={text} />}
        </p>
        <p className="text-xs wrap-anywhere text-ink-soft">{m.locked(env)}</p>
      </div>
    );
  if (input === "picture")
    return (
      <div className="grid justify-items-start gap-1.5">
        <p className="text-sm font-medium">{label[locale]}</p>
        <p>
          <SettingValue name={key} text={text} />
        </p>
        <p className="text-xs text-ink-soft">{help[locale]}</p>
        <ButtonLink to={`/admin/settings/${key}`} look="secondary" size="sm" aria-label={m.changeOf(label[locale])}>
          {m.change}
        </ButtonLink>
      </div>
    );
  if (input === "secret")
    return (
      <div className="grid gap-1">
        <Field
          type="password"
          label={label[locale]}
          note={isSet ? m.secretSet : undefined}
          hint={isSet ? `${help[locale]} ${m.secretKept}` : help[locale]}
          name={key}
          defaultValue={text}
          autoComplete="off"
          said={said}
        />
        {isSet ? (
          <CheckboxField name={removeField(key)} label={m.removeSecret(label[locale])} defaultChecked={isRemoved} />
        ) : null}
      </div>
    );
  if (input === "map")
    return (
      <MapField
        name={key}
        label={label[locale]}
        hint={help[locale]}
        text={text}
        options={options}
        further={sources}
        said={said}
      />
    );
  if (input === "lines")
    return (
      <TextArea
        label={label[locale]}
        hint={help[locale]}
        name={key}
        defaultValue={text}
        rows={8}
        maxLength={max}
        said={said}
      />
    );
  if (options && input === "list")
    return <TickList name={key} label={label[locale]} hint={help[locale]} text={text} options={options} said={said} />;
  const entries = options ?? (choices && entriesOf(choices, locale));
  if (entries)
    return (
      <SelectField
        label={label[locale]}
        hint={help[locale]}
        name={key}
        defaultValue={text}
        options={entries}
        said={said}
      />
    );
  return (
    <Field
      label={label[locale]}
      hint={help[locale]}
      name={key}
      defaultValue={text}
      placeholder={usual}
      maxLength={max}
      autoComplete="off"
      inputMode={input === "email" ? "email" : input === "number" ? "decimal" : undefined}
      said={said}
    />
  );
}

const entriesOf = (choices: NonNullable<ReturnType<typeof setting>["choices"]>, locale: "en" | "ru"): Option[] =>
  Object.entries(choices).map(([value, words]) => ({ value, label: words[locale] }));
