import { useEffect, useRef } from "react";

/**
 * Calls `act` when a value has changed since the component was rendered, and not for the value with which it was rendered
 * first: a page that comes from the server can be typed in before its script has loaded, and would lose that.
 */
export function useOnChange<Value>(value: Value, act: () => void): void {
  const handled = useRef(value);
  useEffect(() => {
    if (handled.current === value) return;
    handled.current = value;
    act();
  });
}
