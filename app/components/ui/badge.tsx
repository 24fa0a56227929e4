import type { ReactNode } from "react";

const tones = {
  plain: "bg-sunken text-ink",
  good: "bg-good-soft text-good",
  wait: "bg-wait-soft text-wait",
  bad: "bg-bad-soft text-bad",
} as const;

/** `line`: in the lines of a dense list only the dot has a colour, and a state of two words stays in its line. */
const looks = {
  pill: "px-3 py-0.5 text-sm",
  line: "px-2 py-0.5 text-xs lg:bg-transparent lg:px-0 lg:py-0 lg:text-xs lg:font-normal lg:whitespace-nowrap print:px-0 print:font-normal",
} as const;

export type BadgeTone = keyof typeof tones;

/** A state in a word or two. The dot repeats the colour; the word carries the meaning. */
export function Badge({
  tone,
  look = "pill",
  children,
}: {
  tone: BadgeTone;
  look?: keyof typeof looks;
  children: ReactNode;
}) {
  return (
    <span className={`inline-flex items-center gap-2 rounded-full font-medium ${looks[look]} ${tones[tone]}`}>
      <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-current" />
      {children}
    </span>
  );
}
