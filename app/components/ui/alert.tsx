import type { ReactNode } from "react";

const tones = {
  good: "border-good bg-good-soft text-good",
  wait: "border-wait bg-wait-soft text-wait",
  bad: "border-bad bg-bad-soft text-bad",
} as const;

/** A message about the whole page or form. A bad one has the role alert, so it is read out at once. */
export function Alert({ tone, children, id }: { tone: keyof typeof tones; children: ReactNode; id?: string }) {
  return (
    <div
      id={id}
      role={tone === "bad" ? "alert" : "status"}
      className={`rounded-md border-l-4 px-4 py-3 text-sm font-medium ${tones[tone]}`}
    >
      {children}
    </div>
  );
}
