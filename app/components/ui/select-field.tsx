import { type ComponentPropsWithoutRef, useId } from "react";

interface Props extends Omit<ComponentPropsWithoutRef<"select">, "id"> {
  label: string;
  options: { value: string; label: string }[];
}

/** A native select: it works by keyboard, on phones and without JavaScript. */
export function SelectField({ label, options, ...select }: Props) {
  const id = useId();
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <select
        {...select}
        id={id}
        className="min-h-11 w-full min-w-0 rounded-md border border-edge bg-surface px-3 py-2 text-base"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
