import type { ReactNode } from "react";

const tones = {
  plain: "bg-sunken text-ink",
  good: "bg-good-soft text-good",
  wait: "bg-wait-soft text-wait",
  bad: "bg-bad-soft text-bad",
} as const;

export type BadgeTone = keyof typeof tones;

/** A state in a word or two. The dot repeats the colour; the word carries the meaning. */
export function Badge({ tone, children }: { tone: BadgeTone; children: ReactNode }) {
  return (
    <span className={`inline-flex items-center gap-2 rounded-full px-3 py-0.5 text-sm font-medium ${tones[tone]}`}>
      <span aria-hidden="true" className="size-2 rounded-full bg-current" />
      {children}
    </span>
  );
}
