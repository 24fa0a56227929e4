import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";

const firstDelayMs = 1_000;
const longestDelayMs = 15_000;
const growth = 1.3;

/** Loads the page's data again while `waiting` is true: at first every second, then more rarely, and only while someone looks. */
export function usePoll(waiting: boolean): void {
  const { revalidate, state } = useRevalidator();
  const delay = useRef(firstDelayMs);
  useEffect(() => {
    if (!waiting) delay.current = firstDelayMs;
    // The next turn is set when the one in hand has ended: a slow answer is never asked for twice.
    if (!waiting || state !== "idle") return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const schedule = () => {
      clearTimeout(timer);
      if (document.visibilityState === "hidden") return;
      timer = setTimeout(() => {
        delay.current = Math.min(longestDelayMs, delay.current * growth);
        revalidate();
      }, delay.current);
    };
    schedule();
    document.addEventListener("visibilitychange", schedule);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", schedule);
    };
  }, [waiting, state, revalidate]);
}
