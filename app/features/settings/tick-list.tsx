import { CheckboxField, FieldGroup } from "~/components/ui/field";
import type { Option } from "./choices.server";

/** Several of the portal's entries. The blank value says that the list was shown, also where nothing is ticked. */
export function TickList({
  name,
  label,
  hint,
  text,
  options,
  said,
}: {
  name: string;
  label: string;
  hint: string;
  /** The chosen ones, separated by commas. */
  text: string;
  options: Option[];
  said?: string | undefined;
}) {
  const chosen = text.split(/\s*,\s*/);
  return (
    <FieldGroup label={label} hint={hint} said={said} hintFirst>
      {(mark) => (
        <div className="grid gap-1">
          <input type="hidden" name={name} value="" />
          {options.map((option) => (
            <CheckboxField
              {...mark}
              key={option.value}
              label={option.label}
              name={name}
              value={option.value}
              defaultChecked={chosen.includes(option.value)}
            />
          ))}
        </div>
      )}
    </FieldGroup>
  );
}
