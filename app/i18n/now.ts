import { createContext, useContext, useEffect, useState } from "react";

/** The server's clock when the page's data were read. */
export const NowContext = createContext(0);

const tickMs = 30_000;

/**
 * The present by the server's clock, for "5 minutes ago". It begins with the moment that the server rendered the page
 * with, so that nothing changes when the page's script takes over, and then advances.
 */
export function useNow(): number {
  const served = useContext(NowContext);
  const [now, setNow] = useState(served);
  useEffect(() => {
    // New data of the server bring its present time along.
    const start = performance.now();
    setNow(served);
    const timer = setInterval(() => setNow(served + performance.now() - start), tickMs);
    return () => clearInterval(timer);
  }, [served]);
  return now;
}
