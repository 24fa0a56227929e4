import { type ComponentPropsWithoutRef, useId } from "react";

interface Props extends Omit<ComponentPropsWithoutRef<"textarea">, "id"> {
  label: string;
  hint?: string | undefined;
  /** Words about a problem. */
  said?: string | undefined;
}

/** Several lines of text, with label, hint and problem associated like those of a field. */
export function TextArea({ label, hint, said, ...area }: Props) {
  const id = useId();
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <textarea
        rows={2}
        {...area}
        id={id}
        aria-invalid={said ? true : undefined}
        aria-describedby={[said && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined}
        className="w-full min-w-0 rounded-md border border-edge bg-surface px-3 py-2 text-base aria-invalid:border-2 aria-invalid:border-bad"
      />
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-ink-soft">
          {hint}
        </p>
      ) : null}
      {said ? (
        <p id={`${id}-problem`} className="text-sm font-medium wrap-anywhere text-bad">
          {said}
        </p>
      ) : null}
    </div>
  );
}
