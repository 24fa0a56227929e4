import type { ReactNode } from "react";

const tones = {
  good: "border-good bg-good-soft text-good",
  wait: "border-wait bg-wait-soft text-wait",
  bad: "border-bad bg-bad-soft text-bad",
} as const;

interface Props {
  tone: keyof typeof tones;
  children: ReactNode;
  id?: string;
  /** A toast tells the same and is read out: here it is only to be seen, or the news would be heard twice. */
  isInToast?: boolean;
}

/**
 * A message about the whole page or form. A bad one has the role alert, so it is read out at once, and can be given the focus:
 * by what answers a form, where the error is about no field.
 */
export function Alert({ tone, children, id, isInToast = false }: Props) {
  return (
    <div
      id={id}
      role={isInToast ? undefined : tone === "bad" ? "alert" : "status"}
      tabIndex={tone === "bad" ? -1 : undefined}
      className={`rounded-md border-l-4 px-4 py-3 text-sm font-medium ${tones[tone]}`}
    >
      {children}
    </div>
  );
}
