import type { ReactNode } from "react";

interface Props {
  title: string;
  children?: ReactNode;
  /** That nothing is there is what was asked by a filter of the address, so it is read out. */
  isAnswer?: boolean;
}

/** Shown if a list is empty: says that this is no error, and what to do. */
export function EmptyState({ title, children, isAnswer = false }: Props) {
  return (
    <div className="grid justify-items-center gap-2 rounded-lg border border-dashed border-edge px-6 py-12 text-center">
      <p data-result={isAnswer || undefined} className="text-lg font-semibold">
        {title}
      </p>
      {children ? <div className="max-w-text text-ink-soft">{children}</div> : null}
    </div>
  );
}
