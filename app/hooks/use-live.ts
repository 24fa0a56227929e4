import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { usePoll } from "./use-poll";

export type LiveState = "connecting" | "live" | "polling";

export interface LiveHandlers<T> {
  onData: (value: T) => void;
  onConnectionStateChange: (change: { state: string }) => void;
  onError: () => void;
}

/** So long a stream may take to bring its first news: some proxies keep it to themselves for ever. */
const patienceMs = 5_000;

/**
 * What the page has loaded, kept up to date: by a stream of events, or where none comes through by loading the page's
 * data again. `open` must be stable, a new one is a new stream. A page that nobody looks at watches nothing.
 */
export function useLive<T>(loaded: T, open: (handlers: LiveHandlers<T>) => { unsubscribe: () => void }) {
  const [value, setValue] = useState(loaded);
  const [state, setState] = useState<LiveState>("connecting");
  const visible = useVisible();
  useEffect(() => setValue(loaded), [loaded]);
  useEffect(() => {
    if (!visible) return;
    let patience: ReturnType<typeof setTimeout> | undefined;
    // Not anew at each of the browser's attempts: those come more often than patience ends.
    const lose = () => {
      patience ??= setTimeout(() => setState("polling"), patienceMs);
    };
    lose();
    const subscription = open({
      onData(next) {
        clearTimeout(patience);
        patience = undefined;
        setState("live");
        setValue(next);
      },
      onConnectionStateChange: (change) => {
        if (change.state === "connecting") lose();
      },
      onError: () => setState("polling"),
    });
    return () => {
      clearTimeout(patience);
      subscription.unsubscribe();
      setState("connecting");
    };
  }, [open, visible]);
  usePoll(visible && state === "polling");
  return { value, state };
}

function useVisible(): boolean {
  return useSyncExternalStore(
    useCallback((listener) => {
      document.addEventListener("visibilitychange", listener);
      return () => document.removeEventListener("visibilitychange", listener);
    }, []),
    () => document.visibilityState === "visible",
    () => false,
  );
}
