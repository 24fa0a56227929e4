import type { ReactNode } from "react";

const widths = {
  form: "max-w-form",
  text: "max-w-text",
  page: "max-w-page in-[.administration]:max-w-wide",
  wide: "max-w-wide",
} as const;

/**
 * The content of a route, in a suitable width. In the administration all pages begin at the same edge and take the same
 * width; only questions and other short texts end earlier.
 */
export function Page({ width = "page", children }: { width?: keyof typeof widths; children: ReactNode }) {
  return (
    <div
      className={`mx-auto grid w-full min-w-0 gap-8 px-4 in-[.administration]:mx-0 in-[.administration]:gap-6 sm:px-6 ${widths[width]}`}
    >
      {children}
    </div>
  );
}

/** The page's only h1, a lead sentence and the page's actions. */
export function PageHeader({ title, lead, actions }: { title: string; lead?: ReactNode; actions?: ReactNode }) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-4">
      <div className="grid min-w-0 gap-2">
        <h1 className="text-2xl font-semibold tracking-tight text-balance wrap-anywhere">{title}</h1>
        {lead ? <p className="max-w-text text-ink-soft">{lead}</p> : null}
      </div>
      {actions}
    </header>
  );
}
