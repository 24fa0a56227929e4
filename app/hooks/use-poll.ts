import { useLocation, useRevalidator } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";
import type { PageWait } from "~/page/page-meta";
import { siteAnswers } from "~/page/site-answers";

const firstDelayMs = 1_000;
const longestDelayMs = 15_000;
const growth = 1.3;
const steadyDelayMs = 3_000;

/**
 * `old` while the server does not answer, `ended` once a person who has filled in something is signed out, `unknown` before the
 * page's script runs.
 */
export type Freshness = "unknown" | "current" | "old" | "ended";

/** Reloads the page's data while it waits for something and is visible: at first every second, then more rarely. */
export const usePoll = (waits: PageWait): void => void useReload(waits, growth, firstDelayMs);

/** Reloads the page's data every few seconds while the page is open and visible. */
export const useSteadyPoll = (): Freshness => useReload(true, 1, steadyDelayMs);

function useReload(waits: PageWait, growth: number, firstDelayMs: number): Freshness {
  const { revalidate, state } = useRevalidator();
  const [freshness, setFreshness] = useState<Freshness>("unknown");
  const delay = useRef(firstDelayMs);
  const waited = useRef(waits);
  const isTouched = useTouched();
  // The page has just been loaded.
  useEffect(() => setFreshness("current"), []);
  useEffect(() => {
    // What has failed and is on its way again is followed as closely as at first.
    if (waited.current !== waits) delay.current = firstDelayMs;
    waited.current = waits;
    // The next turn is scheduled when the previous one has ended, so that a slow request is never duplicated.
    if (!waits || state !== "idle") return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const schedule = () => {
      clearTimeout(timer);
      if (document.visibilityState === "hidden") return;
      timer = setTimeout(async () => {
        delay.current = Math.min(longestDelayMs, delay.current * growth);
        const ready = await siteAnswers();
        const now = ready && isTouched.current ? await sessionState() : ready ? "current" : "old";
        if (over) return;
        setFreshness(now);
        if (now === "current") revalidate();
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
  }, [waits, state, firstDelayMs, growth, revalidate, isTouched]);
  return freshness;
}

/** Whether something was filled in since the page was opened or a form was answered. */
function useTouched() {
  const { key } = useLocation();
  const isTouched = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key changes with the page and with a form's answer, after which nothing is filled in yet.
  useEffect(() => {
    isTouched.current = false;
    const onInput = () => {
      isTouched.current = true;
    };
    addEventListener("input", onInput, true);
    return () => removeEventListener("input", onInput, true);
  }, [key]);
  return isTouched;
}

/**
 * Without a session, loading the data would lead to the page for signing in, and what was filled in would be gone. Once it is
 * sent it is kept (app/page/signed-out.server.ts).
 */
const sessionState = (): Promise<Freshness> =>
  fetch(location.href, { method: "HEAD", cache: "no-store", redirect: "manual" }).then(
    ({ type }) => (type === "opaqueredirect" ? "ended" : "current"),
    () => "old",
  );
