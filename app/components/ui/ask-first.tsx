import type { ComponentPropsWithoutRef, ReactNode, Ref } from "react";

const sizes = { md: "min-h-11 px-5 py-2 text-base", sm: "min-h-9 px-3 py-1 text-sm" } as const;

interface Props extends ComponentPropsWithoutRef<"details"> {
  label: ReactNode;
  size?: keyof typeof sizes;
  /** Of the button that opens the question. */
  summaryClass?: string;
  detailsRef?: Ref<HTMLDetailsElement>;
}

/** A button that asks before it acts, without a script: it opens the question, which holds the button that acts. */
export function AskFirst({ label, size = "md", summaryClass = "", detailsRef, children, ...details }: Props) {
  return (
    <details ref={detailsRef} {...details}>
      <summary
        className={`inline-flex cursor-pointer items-center rounded-md border border-edge bg-surface font-medium hover:bg-sunken ${sizes[size]} ${summaryClass}`}
      >
        {label}
      </summary>
      <div className="mt-3 rounded-md border-l-4 border-bad bg-bad-soft p-4">{children}</div>
    </details>
  );
}
