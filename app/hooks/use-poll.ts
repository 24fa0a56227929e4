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
    let over = false;
    const schedule = () => {
      clearTimeout(timer);
      if (document.visibilityState === "hidden") return;
      timer = setTimeout(async () => {
        delay.current = Math.min(longestDelayMs, delay.current * growth);
        const ready = await isServerReady();
        if (over) return;
        if (ready) revalidate();
        else schedule();
      }, delay.current);
    };
    schedule();
    document.addEventListener("visibilitychange", schedule);
    return () => {
      over = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", schedule);
    };
  }, [waiting, state, revalidate]);
}

/** A page whose data cannot be loaded gives way to an error page: one that merely waits should outlast a restart. */
const isServerReady = (): Promise<boolean> =>
  fetch("/readyz", { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );
