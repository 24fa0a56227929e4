import { useId } from "react";

interface Props {
  name: string;
  label: string;
  lang: string;
  rows: number;
  defaultValue: string;
  hint?: string | undefined;
  /** Words about a problem. */
  said?: string | undefined;
}

/** A text of several lines, in a language that may not be the page's. */
export function WordsField({ label, hint, said, ...area }: Props) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <textarea
        {...area}
        id={id}
        autoComplete="off"
        aria-invalid={said ? true : undefined}
        aria-describedby={[said && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined}
        className="w-full rounded-md border border-edge bg-surface px-3 py-2 text-base aria-invalid:border-2 aria-invalid:border-bad"
      />
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
