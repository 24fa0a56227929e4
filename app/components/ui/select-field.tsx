import type { ComponentPropsWithoutRef } from "react";
import { FieldFrame, type FieldProps, inputLook } from "~/components/ui/field";

interface Props
  extends Omit<ComponentPropsWithoutRef<"select">, "id">,
    Pick<FieldProps, "label" | "hint" | "said" | "problems" | "note"> {
  options: { value: string; label: string }[];
}

/** A native select: it works by keyboard, on phones and without JavaScript. */
export function SelectField({ label, hint, said, problems, note, options, ...select }: Props) {
  return (
    <FieldFrame {...{ label, hint, said, problems, note }}>
      {(described) => (
        <select {...select} {...described} className={`${inputLook} min-w-0`}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </FieldFrame>
  );
}
