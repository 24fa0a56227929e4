import { type ComponentPropsWithoutRef, useId } from "react";

interface Props extends Omit<ComponentPropsWithoutRef<"select">, "id"> {
  label: string;
  options: { value: string; label: string }[];
  hint?: string | undefined;
  /** Words about a problem. */
  said?: string | undefined;
}

/** A native select: it works by keyboard, on phones and without JavaScript. */
export function SelectField({ label, options, hint, said, ...select }: Props) {
  const id = useId();
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <select
        {...select}
        id={id}
        aria-describedby={[said && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined}
        aria-invalid={said ? true : undefined}
        className="min-h-11 w-full min-w-0 rounded-md border border-edge bg-surface px-3 py-2 text-base"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-ink-soft">
          {hint}
        </p>
      ) : null}
      {said ? (
        <p id={`${id}-problem`} className="text-sm font-medium text-bad">
          {said}
        </p>
      ) : null}
    </div>
  );
}
