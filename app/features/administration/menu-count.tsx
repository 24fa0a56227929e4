const tones = { wait: "bg-wait-soft text-wait", bad: "bg-bad-soft text-bad" } as const;

/** Counting ends at a hundred (server/statistics/attention.ts). */
const shown = (count: number) => (count > 99 ? "99+" : String(count));

/** How much waits behind an entry of the menu; a screen reader hears what is counted. */
export function MenuCount({ count, words, tone }: { count: number; words: string; tone: keyof typeof tones }) {
  return (
    <span className={`rounded-full px-2 text-xs leading-5 font-semibold tabular-nums ${tones[tone]}`}>
      {shown(count)}
      <span className="sr-only"> {words}</span>
    </span>
  );
}
