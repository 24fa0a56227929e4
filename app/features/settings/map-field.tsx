import { Field, FieldGroup } from "~/components/ui/field";
import { SelectField } from "~/components/ui/select-field";
import { type MapRow, rowsOf } from "~/features/settings/map-rows";
import { sourceLabel } from "~/features/settings/source-texts";
import { settingsTexts } from "~/features/settings/texts";
import { useLocale, useTexts } from "~/i18n/locale";
import { fieldSources } from "~server/platform/field-map";
import type { Option } from "./choices.server";

const spareRows = 3;
const blank: MapRow = { source: "", constant: "", target: "" };

/** Which value goes to which field: a line each, and spare lines. A line without a value is taken away. */
export function MapField({
  name,
  label,
  hint,
  text,
  options,
  further,
  said,
}: {
  name: string;
  label: string;
  hint: string;
  text: string;
  /** The portal's fields; without them a field's name is typed in. */
  options: Option[] | undefined;
  /** Sources beside those that every installation has. */
  further: string[];
  said?: string | undefined;
}) {
  const m = useTexts(settingsTexts);
  const locale = useLocale();
  const rows = [...rowsOf(text), ...Array.from({ length: spareRows }, () => blank)];
  // Also those of consents that are asked for no more.
  const present = rows.map(({ source }) => source).filter(Boolean);
  const sources = [
    { value: "", label: m.map.none },
    ...[...new Set([...Object.keys(fieldSources), ...further, ...present, "text"])].map((value) => ({
      value,
      label: sourceLabel(locale, value),
    })),
  ];
  return (
    <FieldGroup label={label} hint={hint} said={said} hintFirst>
      {() => (
        <div className="grid gap-4">
          {rows.map((row, index) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its place.
              key={index}
              className="grid gap-3 rounded-md border border-line p-3 sm:grid-cols-3"
            >
              <SelectField
                label={m.map.source(index + 1)}
                name={`${name}.source`}
                defaultValue={row.source}
                options={sources}
              />
              <Field
                label={m.map.constant(index + 1)}
                name={`${name}.text`}
                defaultValue={row.constant}
                maxLength={250}
                autoComplete="off"
              />
              {options ? (
                <SelectField
                  label={m.map.target(index + 1)}
                  name={`${name}.target`}
                  defaultValue={row.target}
                  options={withPresent(options, row.target)}
                />
              ) : (
                <Field
                  label={m.map.target(index + 1)}
                  name={`${name}.target`}
                  defaultValue={row.target}
                  autoComplete="off"
                />
              )}
            </div>
          ))}
        </div>
      )}
    </FieldGroup>
  );
}

const withPresent = (options: Option[], target: string): Option[] => [
  { value: "", label: "—" },
  ...(target && !options.some(({ value }) => value === target) ? [{ value: target, label: `${target} ✕` }] : []),
  ...options,
];
