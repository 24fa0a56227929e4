import { useEffect, useRef } from "react";
import { workField } from "~server/registration/form-fields";
import { workBits } from "~server/sign-ups/work-bits";

/** Small enough that the page stays responsive between turns. */
const triesATurn = 500;

/**
 * Computes the proof of work for the form's stamp while the person fills the form in. A submission before the end waits
 * and is then sent automatically. A browser that cannot compute it submits without.
 */
export function FormWork({ stamp }: { stamp: string }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const input = field.current;
    const form = input?.form;
    if (!input || !form) return;
    const stop = new AbortController();
    let isDone = false;
    let submitter: HTMLElement | null | undefined;
    const wait = (event: SubmitEvent) => {
      if (isDone) return;
      event.preventDefault();
      event.stopPropagation();
      submitter = event.submitter;
    };
    form.addEventListener("submit", wait, { capture: true, signal: stop.signal });
    const send = (solution: string) => {
      isDone = true;
      input.value = solution;
      if (submitter !== undefined && !stop.signal.aborted) form.requestSubmit(submitter);
    };
    solve(stamp.split(".")[0] ?? "", stop.signal).then(send, () => send(""));
    return () => stop.abort();
  }, [stamp]);
  return <input ref={field} type="hidden" name={workField} defaultValue="" />;
}

async function solve(stamp: string, signal: AbortSignal): Promise<string> {
  const encoder = new TextEncoder();
  for (let first = 0; !signal.aborted; first += triesATurn) {
    const hashes = await Promise.all(
      Array.from({ length: triesATurn }, (_, index) =>
        crypto.subtle.digest("SHA-256", encoder.encode(`${stamp}:${first + index}`)),
      ),
    );
    const found = hashes.findIndex((hash) => new DataView(hash).getUint32(0) >>> (32 - workBits) === 0);
    if (found >= 0) return String(first + found);
    await new Promise((resolve) => setTimeout(resolve));
  }
  throw new Error("aborted");
}
