import type { ComponentPropsWithoutRef, ReactNode, Ref } from "react";
import { buttonClass, type Look } from "~/components/ui/button";

interface Props extends ComponentPropsWithoutRef<"details">, Pick<Look, "size"> {
  label: ReactNode;
  /** Of the button that opens the question. */
  summaryClass?: string;
  detailsRef?: Ref<HTMLDetailsElement>;
}

/** A button that asks before it acts, without a script: it opens the question, which holds the button that acts. */
export function AskFirst({ label, size = "md", summaryClass = "", detailsRef, children, ...details }: Props) {
  return (
    <details ref={detailsRef} {...details}>
      <summary className={buttonClass({ look: "secondary", size }, `cursor-pointer ${summaryClass}`)}>{label}</summary>
      <div className="mt-3 rounded-md border-l-4 border-bad bg-bad-soft p-4">{children}</div>
    </details>
  );
}
